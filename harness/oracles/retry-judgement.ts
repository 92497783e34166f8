import type { AttemptRecord, AuditRecord } from '../../src/index.ts'
import type { Plan } from '../../src/run/plan.ts'
import type { StepVisit } from '../scenario/observation.ts'
import type { Problem } from '../scenario/verdict.ts'
import { adapterOwners } from './adapter-owners.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'
import { type CalledPlan, stepAt } from './plan-walk.ts'

/** 9: what says that it cannot be mended is not tried again, and everything else is, while attempts are left. */
export const retryJudgement: Oracle = {
  number: 9,
  name: 'retry-judgement',
  judges: 'engine',
  check({ plan, visits, records, end, thrown }) {
    // What the engine throws at its edge, such as an exceeded quota, ended the run before its steps were done.
    if (end.kind !== 'settled' || thrown !== null) return []
    const wasStopped = stoppedByBreaker(plan, records)
    const problems: Problem[] = []
    for (const visit of visits) {
      const called = stepAt(plan, visit.path)
      // A rule of the user's own is for expectations to judge.
      if (called === undefined || called.node.policy.retryIf !== undefined) continue
      problems.push(...retriedInVain(called, visit))
      // What its circuit breaker stops is right to stop.
      if (called.node.kind === 'step' || !wasStopped(visit.path)) problems.push(...gaveUp(called, visit))
    }
    return problems
  },
}

/** Whether the breaker of an adapter has moved, whichever route it was that moved it: the record stands there. */
function stoppedByBreaker(
  plan: Plan | undefined,
  records: readonly AuditRecord[],
): (path: string) => boolean {
  const moves = records.filter((record) => record.kind === 'event' && record.event === 'breaker')
  if (plan === undefined || moves.length === 0) return () => false
  const owners = adapterOwners(plan)
  const moved = new Set(moves.map((move) => ('path' in move ? owners.get(move.path) : undefined)))
  return (path) => moved.has(owners.get(path))
}

function retriedInVain({ path }: CalledPlan, { attempts, calls }: StepVisit): Problem[] {
  return calls
    .slice(0, -1)
    .flatMap((call, at) =>
      call.settled === 'threw' && isFinal(call.failure) && !timedOut(attempts[at])
        ? [
            violation(
              retryJudgement,
              `Attempt ${at + 2} of ${path} was made although the one before it failed with an error that is not retryable.`,
            ),
          ]
        : [],
    )
}

/** A visit that failed with an attempt left, at an error that says nothing against another one. */
function gaveUp({ node, path }: CalledPlan, { attempts, calls, end }: StepVisit): Problem[] {
  const last = calls.at(-1)
  const most = 1 + node.policy.retries
  if (end?.status !== 'failed' || attempts.length >= most || attempts.length !== calls.length) return []
  if (last?.settled !== 'threw' || isFinal(last.failure) || timedOut(attempts.at(-1))) return []
  // It may have thrown before the attempt that is missing.
  if (typeof node.policy.estimate === 'function') return []
  return [
    violation(
      retryJudgement,
      `Expected another attempt of ${path}, whose last one failed with an error that may be retried; it gave up after ${attempts.length} of ${most}.`,
      { expected: most, actual: attempts.length },
    ),
  ]
}

/** What its call threw later says nothing: the attempt had failed already. */
function timedOut(attempt: AttemptRecord | undefined): boolean {
  return attempt?.error?.code === 'E_TIMEOUT'
}

/** Says `retryable: false`, or asks the engine for something else than another attempt. Never throws. */
function isFinal(thrown: unknown): boolean {
  try {
    if (typeof thrown !== 'object' || thrown === null) return false
    const { retryable, shakedownControl } = thrown as { retryable?: unknown; shakedownControl?: unknown }
    return retryable === false || shakedownControl === true
  } catch {
    return false
  }
}
