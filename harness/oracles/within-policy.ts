import type { AttemptRecord } from '../../src/index.ts'
import { backoffMs } from '../../src/policy/backoff.ts'
import type { Observation, ObservedCall } from '../scenario/observation.ts'
import { stepsIn } from './plan-walk.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

/** Virtual clocks are exact; what is left is the rounding of summed floating-point delays. */
const TOLERANCE_MS = 1e-6

/** 7: a step makes no more attempts, and waits no longer between them, than its policy says. */
export const withinPolicy: Oracle = {
  number: 7,
  name: 'within-policy',
  judges: 'engine',
  check(observation) {
    return stepsIn(observation.plan).flatMap(({ node, path }) => {
      const attempts = observation.records.filter(
        (record): record is AttemptRecord => record.kind === 'attempt' && record.path === path,
      )
      const most = 1 + node.policy.retries
      const problems = []
      if (attempts.length > most) {
        problems.push(
          violation(withinPolicy, `Expected at most ${most} attempts of ${path}, got ${attempts.length}.`, {
            expected: most,
            actual: attempts.length,
          }),
        )
      }
      for (const [index, attempt] of attempts.entries()) {
        const before = attempts[index - 1]
        const call = callOf(observation, path, index)
        // A validator that rejects an output may ask for a wait, too, and no call shows that.
        if (before === undefined || call?.settled === 'returned') continue
        const waitedMs = attempt.startedAtMs - (before.startedAtMs + before.latencyMs)
        const allowedMs = Math.max(
          backoffMs(node.policy.backoff, index, () => 1),
          call?.retryAfterMs ?? 0,
        )
        if (waitedMs > allowedMs + TOLERANCE_MS) {
          problems.push(
            violation(
              withinPolicy,
              `Expected at most ${allowedMs} ms before attempt ${index + 1} of ${path}, it waited ${waitedMs} ms.`,
              {
                expected: allowedMs,
                actual: waitedMs,
              },
            ),
          )
        }
      }
      return problems
    })
  },
}

/** The call behind an attempt: what it threw may have asked for a longer wait than the policy's. */
function callOf({ calls }: Observation, path: string, attempt: number): ObservedCall | undefined {
  return calls.filter((call) => call.path === path)[attempt - 1]
}
