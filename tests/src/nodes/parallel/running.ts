import { type AnyNode, type AuditRecord, type InputOf, type OutputOf, type RunOptions, step } from 'shakedown'
import { SimWorld } from 'shakedown/harness'
import { runInSim, type SimRun } from '../../../support/in-sim.ts'

/** A run with what its trail says of the tokens, for reading at a glance. */
export interface BranchRun<O> extends SimRun<O> {
  /** Each token and what it came to, in the order that was recorded. */
  readonly fates: readonly (readonly [string, string])[]
  readonly joins: readonly Extract<AuditRecord, { kind: 'join' }>[]
  readonly events: readonly Extract<AuditRecord, { kind: 'event' }>[]
  /** When the node that was run had its result. */
  readonly endedAtMs: number
}

/** Runs a node in virtual time. */
export async function runBranches<N extends AnyNode>(
  node: N,
  input: InputOf<N>,
  options: RunOptions = {},
  world: SimWorld = new SimWorld(),
): Promise<BranchRun<OutputOf<N>>> {
  const run = await runInSim(node, input, options, world)
  const { records } = run.audit
  return {
    ...run,
    fates: records.flatMap((each) =>
      each.kind === 'outcome' ? [[each.tokenId, each.outcome] as const] : [],
    ),
    joins: records.filter((each) => each.kind === 'join'),
    events: records.filter((each) => each.kind === 'event'),
    endedAtMs: records.findLast((each) => each.kind === 'run-finished')?.latencyMs ?? NaN,
  }
}

/** Gives its input, later by so many milliseconds and greater by as much. */
export const wait = (name: string, ms: number) =>
  step(name, async (n: number, ctx) => {
    await ctx.sleep(ms)
    return n + ms
  })

/** Fails after so many milliseconds. */
export const fails = (name: string, ms: number, thrown: unknown = new Error(`${name} is out of ink`)) =>
  step(name, async (_: unknown, ctx): Promise<number> => {
    if (ms > 0) await ctx.sleep(ms)
    throw thrown
  })

/** Works on for so long after its signal has fired: what its branch is waited for. */
export const deaf = (name: string, ms: number) =>
  step(
    name,
    (n: number, ctx) => new Promise<number>((resolve) => ctx.clock.after(ms, name, () => resolve(n + ms))),
  )
