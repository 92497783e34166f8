import { shorten } from '../../../reporters/text/visible.ts'
import type { Observation } from '../../scenario/observation.ts'
import type { Expectation } from '../../scenario/expectation.ts'
import type { Problem, Remark } from '../../scenario/verdict.ts'
import type { Observed } from './expect.ts'

/** Longest message quoted; the whole error is shown beside it. */
const QUOTE_MAX = 200

/**
 * What is wrong with a scenario that did not complete although nothing in it says that it may. A scenario that only
 * counts calls would pass on a subject that is broken.
 */
export function unsaidEnding(
  { scenario, thrown, departure }: Observation,
  ending: Observed,
): Problem | undefined {
  const { expect } = scenario.spec
  const { status } = ending
  if (status === 'completed' || expect.status !== undefined || namesError(expect)) return undefined
  // To stop when the caller leaves is what one wants of a subject.
  if (status === 'cancelled' && departure !== null) return undefined
  const what =
    status === 'failed' ? `${thrown === null ? 'failed with' : 'threw'} ${errorOf(ending)}` : `was ${status}`
  return {
    code: 'E_EXPECT',
    message: `The subject ${what}; say \`expect: { status: ${status}, … }\` if it should.`,
    at: ['expect'],
    expected: 'completed',
    actual: status,
  }
}

/** A scenario that any failure satisfies: also one that is a bug. */
export function anyErrorRemark({ scenario }: Observation, ending: Observed): Remark | undefined {
  const { expect } = scenario.spec
  if (ending.status !== 'failed' || expect.status !== 'failed') return undefined
  if (namesError(expect) || expect.children !== undefined) return undefined
  return {
    code: 'E_ANY_ERROR',
    at: ['expect', 'status'],
    message:
      `The scenario expects a failure and does not say which, so a bug would pass, too. This time it was ${errorOf(ending)}. ` +
      'Say what it should be: `error: { name, message, code }` or `feedback`.',
  }
}

/** Whether something is said about the error, and with it that there is one. */
function namesError({ error, feedback }: Expectation): boolean {
  if (feedback !== undefined && feedback !== null) return true
  return error !== undefined && Object.values(error).some((matcher) => matcher !== undefined)
}

function errorOf({ error, feedback }: Observed): string {
  return shorten(error === null ? (feedback ?? 'no reason') : `${error.name}: ${error.message}`, QUOTE_MAX)
}
