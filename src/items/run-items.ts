import { ConfigurationError } from '../base/control.ts'
import type { RunResult } from '../base/result.ts'
import type { RunContext } from '../context/run-context.ts'
import type { Plan } from '../run/plan.ts'
import { pauses } from '../run/plan-of.ts'
import { completedResult, failedResult, resultOfRun, type Spent, stoppedResult } from '../run/results.ts'
import type { Run } from '../run/run.ts'
import { followSignal, Scope } from '../run/scope.ts'
import { atEdge, statusOfStop, type Stop } from '../run/stop.ts'
import { recordRunEnd, recordStart } from '../run/trail.ts'
import { ItemRun, type ItemSettings } from './item-run.ts'
import type { RunAllResult } from './run-all-result.ts'
import { Source } from './source.ts'

type ItemSource = Iterable<unknown> | AsyncIterable<unknown>

/** What one run over many items needs beside its options. */
export interface ItemsToRun {
  readonly run: Run
  readonly plan: Plan
  readonly source: ItemSource
  readonly context: RunContext
  readonly signal: AbortSignal | undefined
}

/**
 * Runs a plan over every item of a source, in one run.
 * @throws what ends the run, with what it came to as its `result`
 */
export async function runItems(
  { run, plan, source, context, signal }: ItemsToRun,
  settings: ItemSettings,
): Promise<RunAllResult> {
  if (pauses(plan))
    throw new ConfigurationError(
      `Expected what engine.runAll runs to have no approval in it, got one in '${plan.node.name}': a run over many items cannot wait for one of them.`,
      { hint: 'Run each item with engine.run, which can be resumed.' },
    )
  const root = new Scope(run, { tokenId: run.newTokenId(), visit: 1, context, abortable: true })
  const unfollow = signal === undefined ? undefined : followSignal(root, signal)
  try {
    recordStart(root, plan.node.name, undefined)
    // The store refused the run at once, so there is no run.
    if (run.unrecorded !== undefined) throw run.unrecorded
    const items = new ItemRun(root, plan, settings)
    const refused = await run.hooks?.preRun(plan, undefined, root)
    if (refused !== undefined) items.refuse(refused)
    let result = await items.run(() => new Source(source))
    const objection = await run.hooks?.postRun(asRunResult(result, plan, items.stop), root)
    recordRunEnd(run, { ...result, output: undefined }, result.totals.attempts, result.totals.usage)
    const pending = run.committed()
    try {
      if (pending !== undefined) await pending
    } catch (thrown) {
      run.refused(thrown)
    }
    const stop = run.unrecorded ?? items.stop ?? objection
    if (stop === undefined || statusOfStop(stop) !== 'failed') return result
    result = { ...result, status: 'failed', success: false }
    throw atEdge(stop, result)
  } finally {
    unfollow?.()
  }
}

/** What hooks are given: the run as a result of its pipeline, without an output. */
function asRunResult(result: RunAllResult, { node, path }: Plan, stop: Stop | undefined): RunResult {
  const { runId, totals, feedback, error } = result
  const spent: Spent = { attempts: totals.attempts, latencyMs: totals.latencyMs, usage: totals.usage }
  const root =
    result.status === 'completed'
      ? completedResult(node.name, path, undefined, spent)
      : stop !== undefined
        ? stoppedResult(node.name, path, stop, spent)
        : failedResult(node.name, path, error ?? { name: 'ItemsFailedError', message: feedback ?? '' }, spent)
  return resultOfRun(root, { runId, context: {}, history: [], totals })
}
