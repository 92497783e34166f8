import type { AttemptRecord } from '../../src/index.ts'
import { backoffMs } from '../../src/policy/backoff.ts'
import type { StepVisit } from '../scenario/observation.ts'
import type { Problem } from '../scenario/verdict.ts'
import { joinsBeyondLimit } from './join-within-limit.ts'
import { type CalledPlan, planAt, stepAt } from './plan-walk.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

/** Virtual clocks are exact; what is left is the rounding of summed floating-point delays. */
const TOLERANCE_MS = 1e-6
/** The draw that gives jitter its longest delay. */
const longest = (): number => 1

/**
 * 7: a step makes no more attempts, and waits no longer between them, than its policy says; a join waits for no longer
 * than its time limit.
 */
export const withinPolicy: Oracle = {
  number: 7,
  name: 'within-policy',
  judges: 'engine',
  check({ plan, visits, records }) {
    const problems: Problem[] = []
    for (const visit of visits) {
      const step = stepAt(plan, visit.path)
      if (step !== undefined) judge(step, visit, problems)
    }
    for (const message of joinsBeyondLimit(records, (path) => planAt(plan, path)))
      problems.push(violation(withinPolicy, message))
    return problems
  },
}

function judge({ node, path }: CalledPlan, { attempts, calls }: StepVisit, problems: Problem[]): void {
  const most = 1 + node.policy.retries
  if (attempts.length > most) {
    problems.push(
      violation(withinPolicy, `Expected at most ${most} attempts of ${path}, got ${attempts.length}.`, {
        expected: most,
        actual: attempts.length,
      }),
    )
  }
  let before: AttemptRecord | undefined
  for (const [at, attempt] of attempts.entries()) {
    const call = calls[at - 1]
    // A validator that rejects an output may ask for a wait, too, and no call shows that.
    if (before !== undefined && call?.settled !== 'returned') {
      const waitedMs = attempt.startedAtMs - (before.startedAtMs + before.latencyMs)
      const allowedMs = Math.max(backoffMs(node.policy.backoff, at, longest), call?.retryAfterMs ?? 0)
      if (waitedMs > allowedMs + TOLERANCE_MS)
        problems.push(
          violation(
            withinPolicy,
            `Expected at most ${allowedMs} ms before attempt ${at + 1} of ${path}, it waited ${waitedMs} ms.`,
            { expected: allowedMs, actual: waitedMs },
          ),
        )
    }
    before = attempt
  }
}
