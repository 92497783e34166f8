import type { AttemptRecord } from '../../src/index.ts'
import { backoffMs } from '../../src/policy/backoff.ts'
import type { StepVisit } from '../scenario/observation.ts'
import type { Problem } from '../scenario/verdict.ts'
import { branchesTooMany } from './branches-at-once.ts'
import { joinsBeyondLimit } from './join-within-limit.ts'
import { joinsNotAsAgreed } from './joins-as-agreed.ts'
import { type CalledPlan, planAt, stepAt } from './plan-walk.ts'
import { roundsTooMany } from './rounds.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

/** Virtual clocks are exact; what is left is the rounding of summed floating-point delays. */
const TOLERANCE_MS = 1e-6
/** The draw that gives jitter its longest delay. */
const longest = (): number => 1

/**
 * 7: a step makes no more attempts, and waits no longer between them, than its policy says; a loop goes round no more
 * often; no more branches run at once; a join waits for no longer than its time limit, and for as many as it says.
 */
export const withinPolicy: Oracle = {
  number: 7,
  name: 'within-policy',
  judges: 'engine',
  check(observation) {
    const { plan, visits, records } = observation
    const problems: Problem[] = []
    for (const visit of visits) {
      const step = stepAt(plan, visit.path)
      if (step !== undefined) judge(step, visit, problems)
    }
    const messages = [
      ...joinsBeyondLimit(records, (path) => planAt(plan, path)),
      ...joinsNotAsAgreed(observation),
      ...branchesTooMany(observation),
      ...roundsTooMany(observation),
    ]
    for (const message of messages) problems.push(violation(withinPolicy, message))
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
