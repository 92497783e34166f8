import * as shakedown from 'shakedown'
import { type createEngine, memoryAudit } from 'shakedown'
import { drain, drive, SimWorld } from 'shakedown/harness'
import { expect } from 'vitest'
import { TappedAudit } from '../../../harness/run/tapped-audit.ts'
import { makeFallback } from '../../../src/nodes/fallback.ts'
import { build, type Builders, type Call } from './build.ts'
import { interpret } from './interpret.ts'
import { resultOf, rowsOf } from './observed.ts'
import { type Ledger, type Result, type Row, type Scope, stepAttemptsOf } from './told.ts'
import type { Tree } from './tree.ts'

/** What is compared with the contract: an engine, and the builders of what it runs. */
export interface Engine {
  readonly lib: Builders
  readonly createEngine: typeof createEngine
}

/** The engine as it is. */
export const realEngine: Engine = {
  lib: { ...shakedown, makeFallback },
  createEngine: shakedown.createEngine,
}

/** What a run came to and left behind. */
export interface Outcome {
  readonly result: Result
  readonly totals: { readonly attempts: number; readonly latencyMs: number; readonly tokens: number }
  readonly context: Readonly<Record<string, unknown>>
  readonly calls: readonly Call[]
  /** In an order that says nothing: what happens in the same moment may be recorded one way or the other. */
  readonly rows: readonly string[]
  /** Attempts in the order in which they ended, which is that of their records. */
  readonly attempts: readonly string[]
}

const INPUT = { asked: 'tides' }
const CONTEXT = { list: ['first'], a: 0 }

/** What the engine makes of a tree whose run is aborted after a while, or never. */
export async function onEngine(
  tree: Tree,
  abortMs: number | undefined,
  { lib, createEngine: create }: Engine,
): Promise<Outcome> {
  const calls: Call[] = []
  const world = new SimWorld()
  const controller = new AbortController()
  if (abortMs !== undefined)
    world.clock.after(abortMs, 'the caller', () => controller.abort(new Error('enough')))
  const signal = abortMs === undefined ? {} : { signal: controller.signal }
  const audit = new TappedAudit(memoryAudit())
  const node = build(tree, { calls, clock: world.clock, lib })
  const running = create({ world, audit }).run(node, INPUT as never, { context: CONTEXT, ...signal })
  const end = await drive(world, running)
  if (end.kind !== 'settled') throw new Error(`the run ended as ${end.kind}`)
  await drain(world)
  const result = await running
  const { attempts, latencyMs, usage } = result.totals
  const rows = rowsOf(audit.records)
  const ends = endsOf(rows).map(({ endedMs }) => endedMs)
  expect(ends).toEqual(ends.toSorted((a, b) => a - b))
  expect(calls.map(({ atMs }) => atMs)).toEqual(inOrder(calls).map(({ atMs }) => atMs))
  return {
    result: resultOf(result),
    totals: { attempts, latencyMs, tokens: usage.tokens },
    context: result.context,
    calls: inOrder(calls),
    ...sorted(rows),
  }
}

/** What a reader of the contract expects of it. */
export function byContract(tree: Tree, abortMs: number | undefined): Outcome {
  const ledger: Ledger = { rows: [], calls: [], called: new Map(), busyMs: 0 }
  const abort = abortMs === undefined ? undefined : { atMs: abortMs, reason: 'enough' }
  const context = new Map<string, unknown>(Object.entries(CONTEXT))
  const scope: Scope = { token: 't', visit: 1, visits: new Map(), context, done: [], now: 0, abort }
  ledger.rows.push(
    { row: 'run-started', pipeline: tree.name, input: INPUT },
    { row: 'token', token: 't', branch: null, atMs: 0 },
  )
  const result = interpret(tree, tree.name, INPUT, scope, ledger)
  const { status, feedback, output, tokens, latencyMs } = result
  const attempts = stepAttemptsOf(result)
  ledger.rows.push({ row: 'outcome', token: scope.token, outcome: status, reason: feedback, atMs: scope.now })
  ledger.rows.push({ row: 'run-finished', status, latencyMs: scope.now, attempts, tokens, output, feedback })
  return {
    result,
    totals: { attempts, latencyMs, tokens },
    context: Object.fromEntries(scope.context),
    calls: inOrder(ledger.calls),
    ...sorted(ledger.rows),
  }
}

/** By time; which of several branches is called first when they are forked is nothing that a contract says. */
function inOrder(calls: readonly Call[]): readonly Call[] {
  return calls.toSorted((a, b) => a.atMs - b.atMs || (a.step < b.step ? -1 : 1))
}

function sorted(rows: readonly Row[]): Pick<Outcome, 'rows' | 'attempts'> {
  return {
    rows: rows.map((row) => JSON.stringify(keysSorted(row))).toSorted(),
    attempts: endsOf(rows)
      .toSorted((a, b) => a.endedMs - b.endedMs || (a.place < b.place ? -1 : 1))
      .map(({ place }) => place),
  }
}

/** Where attempts ended, and when. */
function endsOf(rows: readonly Row[]): readonly { readonly place: string; readonly endedMs: number }[] {
  return rows.flatMap(({ row, path, visit, attempt, startedMs, latencyMs }) =>
    row === 'attempt'
      ? [
          {
            place: `${String(path)} ${String(visit)} ${String(attempt)}`,
            endedMs: (startedMs as number) + (latencyMs as number),
          },
        ]
      : [],
  )
}

function keysSorted(row: Row): Row {
  return Object.fromEntries(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
