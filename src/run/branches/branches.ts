import pLimit from 'p-limit'
import { isControlSignal } from '../../base/control.ts'
import { ShakedownError } from '../../base/errors.ts'
import type { StepResult } from '../../base/result.ts'
import { serializeError } from '../../base/serialize-error.ts'
import { Pausing } from '../pausing.ts'
import type { Plan, PlannedChild } from '../plan.ts'
import { failedResult, NOTHING_SPENT, stoppedResult } from '../results.ts'
import type { Scope } from '../scope.ts'
import { statusOfStop, stopOf, SIBLING_STOPPED } from '../stop.ts'
import { recordEvent, recordStep } from '../trail.ts'

/** Branches, and the scopes they run in, in declared order. */
export interface Forked {
  readonly scope: Scope
  /** The path of the node whose branches they are. */
  readonly path: string
  readonly branches: readonly PlannedChild[]
  readonly parts: readonly Scope[]
}

/** Somebody who is told what becomes of each branch as soon as it is known, and may cancel what is left of them. */
export interface Watch {
  ended(at: number, result: StepResult): void
  /** What is left of the branches has been cancelled. */
  readonly isOver: boolean
}

/** How branches are run; see the options of a parallel node. */
export interface HowToRun {
  readonly cancelOnFailure: boolean
  readonly concurrency: number
  readonly settleMs: number
  readonly hasFallback: boolean
  /** The join that the branches come to, if it has a policy of its own. */
  readonly watch?: Watch | undefined
}

/** What became of all branches. */
export interface Ran {
  /** One for each branch, in declared order. */
  readonly results: readonly StepResult[]
  /** When each of them was there, in milliseconds since the run started; empty when nothing is recorded. */
  readonly atMs: readonly number[]
  /** The result of the first branch that met what ends the whole run, and is neither a pause nor an abort from above. */
  readonly stopped: StepResult | undefined
}

/**
 * Runs branches at once and waits for every one of them. What ends the whole run in one branch cancels the others, and
 * so does a failure if it is meant to; the functions of cancelled branches are waited for.
 */
export function runBranches(forked: Forked, input: unknown, how: HowToRun): Promise<Ran> {
  const { scope, branches, parts } = forked
  return new Promise((resolve) => {
    const results: StepResult[] = []
    const atMs: number[] = []
    let open = branches.length
    let stopped: StepResult | undefined
    let cancelled = false
    const pausing = new Pausing(scope, () => open)
    const settle = (at: number, part: Scope, result: StepResult): void => {
      results[at] = result
      if (scope.run.recorded) atMs[at] = scope.run.elapsedMs()
      if (!result.success) {
        const met = meets(result, part)
        if (met === 'stop') stopped ??= result
        if (!cancelled && (met === 'stop' || (met === 'failure' && how.cancelOnFailure))) {
          cancelled = true
          cancelOpen(parts, results, new SiblingEndedError(branches[at]?.key ?? '', met))
        }
      }
      how.watch?.ended(at, result)
      open--
      pausing.look()
      if (open > 0) return
      if (cancelled || how.watch?.isOver === true)
        void settleParts(forked, how.settleMs).then(() => resolve({ results, atMs, stopped }))
      else resolve({ results, atMs, stopped })
    }
    const run = (at: number, plan: Plan, part: Scope): Promise<void> =>
      begin(plan, input, part, how.hasFallback).then(
        (result) => settle(at, part, result),
        (thrown: unknown) => settle(at, part, surprise(plan, thrown)),
      )
    // A branch is settled before the next one's turn comes: it may be what cancels that one.
    const limit = how.concurrency < branches.length ? pLimit(how.concurrency) : undefined
    for (let at = 0; at < branches.length; at++) {
      const branch = branches[at]
      const part = parts[at]
      if (branch === undefined || part === undefined) break
      part.pauseHolder = pausing
      if (limit === undefined) void run(at, branch.plan, part)
      else
        void limit(() => {
          part.continuesMs = part.run.world.clock.monotonicMs()
          return untilIdle(run(at, branch.plan, part), part, pausing)
        })
    }
  })
}

/** A branch that waits for the run to pause leaves its turn to another one. */
function untilIdle(ran: Promise<void>, part: Scope, pausing: Pausing): Promise<void> {
  return new Promise((resolve) => {
    void ran.then(resolve)
    part.pauseHolder = {
      wait: (go) => {
        resolve()
        return pausing.wait(go)
      },
    }
  })
}

/** A branch was cancelled because one beside it has failed, or was stopped by what ends the whole run. */
class SiblingEndedError extends ShakedownError {
  override readonly name = 'SiblingEndedError'

  constructor(branch: string, met: 'failure' | 'stop') {
    // A run that is carried on may come past what ended it, so what that has cancelled has to be known.
    super(
      met === 'failure' ? 'E_SIBLING_ENDED' : SIBLING_STOPPED,
      `branch '${branch}' ${met === 'failure' ? 'failed' : 'ended the run'}`,
    )
  }
}

/** What an unsuccessful branch means to the ones beside it. */
function meets(result: StepResult, part: Scope): 'stop' | 'failure' | 'nothing' {
  const stop = stopOf(result)
  if (stop === undefined) return result.status === 'failed' ? 'failure' : 'nothing'
  // An abort of its scope comes from above or from a sibling. Another one, such as a hook's, is the whole run's.
  return stop === part.aborted || statusOfStop(stop) === 'paused' ? 'nothing' : 'stop'
}

/** Cancels the branches that have no result yet. What others have left running is no concern of theirs any more. */
function cancelOpen(parts: readonly Scope[], results: readonly StepResult[], reason: Error): void {
  for (const [at, part] of parts.entries()) if (results[at] === undefined) part.cancel(reason)
}

const NOTHING_LEFT = Promise.resolve(0)

/** Waits for functions that still run although their branches are cancelled; says which were not waited for any longer. */
async function settleParts({ scope, path, branches, parts }: Forked, settleMs: number): Promise<void> {
  const left = await Promise.all(
    parts.map((part) => (part.aborted === undefined ? NOTHING_LEFT : part.settled(settleMs))),
  )
  // Whoever aborted this scope waits for what is in it, or has left and waits for nothing.
  if (scope.aborted !== undefined) return
  for (const [at, part] of parts.entries()) {
    const abandoned = left[at] ?? 0
    if (abandoned === 0) continue
    part.abandon()
    recordEvent(part, path, 'abandoned', { branch: branches[at]?.key, abandoned })
  }
}

function begin(plan: Plan, input: unknown, part: Scope, hasFallback: boolean): Promise<StepResult> {
  if (part.aborted !== undefined) {
    const stopped = stoppedResult(plan.node.name, plan.path, part.aborted, NOTHING_SPENT)
    return Promise.resolve(recordStep(part, plan.node.kind, stopped))
  }
  try {
    return plan.execute(input, part, hasFallback)
  } catch (thrown) {
    return Promise.resolve(surprise(plan, thrown))
  }
}

/** A runner has thrown, which none does: the branch fails, and the run goes its way. */
function surprise({ node, path }: Plan, thrown: unknown): StepResult {
  return isControlSignal(thrown)
    ? stoppedResult(node.name, path, thrown, NOTHING_SPENT)
    : failedResult(node.name, path, serializeError(thrown), NOTHING_SPENT)
}
