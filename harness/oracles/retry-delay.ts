import type { AttemptRecord } from '../../src/index.ts'
import { backoffMs } from '../../src/policy/backoff.ts'
import type { StepVisit } from '../scenario/observation.ts'
import type { Problem } from '../scenario/verdict.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'
import { type CalledPlan, stepAt } from './plan-walk.ts'

/** Virtual clocks are exact; what is left is the rounding of summed floating-point delays. */
const TOLERANCE_MS = 1e-6
/** The draw that gives jitter its shortest delay. */
const shortest = (): number => 0

/** 8: a target that failed is left alone for the back-off, and for as long as it asked. */
export const retryDelay: Oracle = {
  number: 8,
  name: 'retry-delay',
  judges: 'engine',
  check({ plan, visits }) {
    return visits.flatMap((visit) => {
      const called = stepAt(plan, visit.path)
      return called === undefined ? [] : tooEarly(called, visit)
    })
  },
}

function tooEarly({ node, path }: CalledPlan, { attempts, calls }: StepVisit): Problem[] {
  const problems: Problem[] = []
  let before: AttemptRecord | undefined
  for (const [at, attempt] of attempts.entries()) {
    // What was interrupted did not fail, and what comes after a crash waited for somebody to carry it on.
    if (before?.status === 'failed') {
      // A call that was given up may have asked for something later.
      const askedMs = before.error?.code === 'E_TIMEOUT' ? 0 : (calls[at - 1]?.retryAfterMs ?? 0)
      const leastMs = Math.max(backoffMs(node.policy.backoff, at, shortest), askedMs)
      const waitedMs = attempt.startedAtMs - (before.startedAtMs + before.latencyMs)
      if (waitedMs < leastMs - TOLERANCE_MS)
        problems.push(
          violation(
            retryDelay,
            `Expected at least ${leastMs} ms before attempt ${at + 1} of ${path}, it waited ${waitedMs} ms.`,
            { expected: leastMs, actual: waitedMs },
          ),
        )
    }
    before = attempt
  }
  return problems
}
