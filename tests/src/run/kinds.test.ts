import {
  type AnyNode,
  memoryAudit,
  parallel,
  pipeline,
  type RunOptions,
  step,
  type StepResult,
} from 'shakedown'
import { drain, drive, SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { stepAt } from '../../../harness/oracles/plan-walk.ts'
import { TappedAudit } from '../../../harness/run/tapped-audit.ts'
import { createEngineOf } from '../../../src/engine.ts'
import { makeNode } from '../../../src/nodes/node.ts'
import { KINDS } from '../../../src/run/kinds.ts'
import type { Scope } from '../../../src/run/scope.ts'
import { StepRunner } from '../../../src/run/leaves/step-runner.ts'
import { createPlanner } from '../../../src/run/plan-of.ts'
import { repeat } from '../../support/repeat.ts'

async function run(node: AnyNode, input: unknown, options: RunOptions = {}, world = new SimWorld()) {
  const audit = new TappedAudit(memoryAudit())
  const running = createEngineOf(KINDS, { world, audit }).run(node, input as never, options)
  const end = await drive(world, running)
  if (end.kind !== 'settled') throw new Error(`the run ended as ${end.kind}`)
  const settledAtMs = world.clock.monotonicMs()
  await drain(world)
  const result = await running
  const tokens = audit.records.flatMap((record) => (record.kind === 'token' ? [record.tokenId] : []))
  const fates = audit.records.flatMap((record) =>
    record.kind === 'outcome' ? [[record.tokenId, record.outcome]] : [],
  )
  return { result, audit, tokens, fates, settledAtMs }
}

const wait = (name: string, ms: number) =>
  step(name, async (n: number, ctx) => {
    await ctx.sleep(ms)
    return n + ms
  })

test('an abort no longer reaches branches and iterations that have ended', async () => {
  const controller = new AbortController()
  const ended: AbortSignal[] = []
  const scopes: Scope[] = []
  const watched = (name: string) =>
    step(name, (n: number, { signal }) => {
      ended.push(signal)
      return n
    })
  class Watched extends StepRunner {
    override execute(input: unknown, scope: Scope, hasFallback: boolean): Promise<StepResult> {
      scopes.push(scope)
      return super.execute(input, scope, hasFallback)
    }
  }
  const node = pipeline(
    'p',
    parallel('both', { a: watched('a'), b: watched('b') }),
    step('pick', ({ a }: { a: number }) => a),
    repeat('loop', 2, watched('c')),
    step('abort', () => controller.abort()),
  )
  const engine = createEngineOf({ ...KINDS, step: Watched }, { world: new SimWorld() })
  await engine.run(node, 1, { signal: controller.signal })
  const [a, b, , first, second, last] = scopes
  expect([a, b, first, second].map((scope) => scope?.aborted)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ])
  expect(last?.aborted).toBeDefined()
  expect(ended.map(({ aborted }) => aborted)).toEqual([false, false, false, false])
})

test('iterations go the same way with the same token, on visits that stay distinct also in a loop inside a loop', async () => {
  const add = step('add', (n: number, { context }) => {
    context.append('seen', n)
    return n + 1
  })
  const node = repeat(
    'outer',
    2,
    pipeline(
      'body',
      repeat('inner', 2, add),
      step('twice', (n) => n * 2),
    ),
  )
  const { result, audit, tokens } = await run(node, 0)
  expect(result).toMatchObject({
    output: 12,
    attempts: 2,
    totals: { attempts: 6 },
    context: { seen: [0, 1, 4, 5] },
  })
  expect(tokens).toEqual(['t1'])
  const attempts = audit.records.flatMap((record) =>
    record.kind === 'attempt' ? [[record.path, record.visit, record.attempt]] : [],
  )
  expect(attempts).toEqual([
    ['outer/body/inner/add', 1, 1],
    ['outer/body/inner/add', 2, 1],
    ['outer/body/twice', 1, 1],
    ['outer/body/inner/add', 3, 1],
    ['outer/body/inner/add', 4, 1],
    ['outer/body/twice', 2, 1],
  ])
})

test('a loop carries on as the token that came out of a fork inside it', async () => {
  const both = pipeline(
    'body',
    parallel('both', { a: step('a', (n: number) => n + 1), b: step('b', (n: number) => n) }),
    step('pick', ({ a }: { a: number }) => a),
  )
  const { result, tokens, fates, audit } = await run(
    pipeline(
      'p',
      repeat('loop', 2, both),
      step('end', (n) => n),
    ),
    0,
  )
  expect(result.output).toBe(2)
  expect(tokens).toEqual(['t1', 't2', 't3', 't4', 't5', 't6', 't7'])
  expect(Object.fromEntries(fates)).toEqual({
    t1: 'forked',
    t2: 'coalesced',
    t3: 'coalesced',
    t4: 'forked',
    t5: 'coalesced',
    t6: 'coalesced',
    t7: 'completed',
  })
  expect(audit.records.findLast((record) => record.kind === 'attempt')).toMatchObject({
    path: 'p/end',
    tokenId: 't7',
    visit: 1,
  })
})

test('walkers find the steps in a kind they have never heard of', () => {
  const node = parallel('both', { a: wait('one', 1), b: wait('two', 1).fallback(wait('three', 1)) })
  const plan = createPlanner(KINDS)(node)
  for (const path of ['both/a', 'both/b/two', 'both/b/three']) expect(stepAt(plan, path)?.path).toBe(path)
  expect(stepAt(plan, 'both')).toBeUndefined()
})

test('a fallback and a pipeline that no builder made, without parts, are refused by their names', async () => {
  const only = { key: 'only', node: wait('only', 1) }
  const made = (kind: string, ...parts: (typeof only)[]) =>
    makeNode({ shakedownNode: true, kind, name: 'made' }, parts)
  for (const parts of [[], [only]])
    expect(() => createPlanner(KINDS)(made('fallback', ...parts))).toThrow(
      "fallback 'made' has no primary or no fallback",
    )
  await expect(createEngineOf(KINDS).run(made('pipeline'), 1)).rejects.toThrow("pipeline 'made' has no nodes")
})

test('a kind that is not in the table is refused before anything runs', () => {
  const unheard = makeNode({ shakedownNode: true, kind: 'unheard-of', name: 'made' } as const)
  expect(() => createPlanner(KINDS)(unheard)).toThrow(
    `Expected the kind of node 'made' to be one of ${Object.keys(KINDS).join(', ')}, got 'unheard-of'.`,
  )
})
