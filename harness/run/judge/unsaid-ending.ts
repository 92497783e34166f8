import type { SerializedError } from '../../../src/index.ts'
import type { Observation } from '../../scenario/observation.ts'
import type { Expectation } from '../../scenario/expectation.ts'
import type { Problem, Remark } from '../../scenario/verdict.ts'
import type { Observed } from './expect.ts'
import { isSaidToFail } from './expect-output.ts'
import { statusOf } from './observed.ts'
import { cutTo } from './shown.ts'

/** Longest message quoted; the whole error is shown beside it. */
const QUOTE_MAX = 200

/**
 * What is wrong with a scenario that did not complete although nothing in it says that it may. A scenario that only
 * counts calls would pass on a subject that is broken.
 */
export function unsaidEnding(observation: Observation, ending: Observed): Problem | undefined {
  const { scenario, thrown, departure, callers } = observation
  const { expect } = scenario.spec
  const { status } = ending
  if (callers.length > 0) return unsaidCaller(observation)
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

/** The same problem for a reader who is shown the subject's error beside it: `The subject failed; say …`. */
export function withoutError(problem: Problem, error: SerializedError): Problem {
  const { at, message } = problem
  if (at.length !== 1 || at[0] !== 'expect') return problem
  const quoted = errorOf({ error, feedback: null, status: 'failed' })
  for (const [said, brief] of [
    [`failed with ${quoted};`, 'failed;'],
    [`threw ${quoted};`, 'threw;'],
  ] as const) {
    const start = `The subject ${said}`
    if (message.startsWith(start))
      return { ...problem, message: `The subject ${brief}${message.slice(start.length)}` }
  }
  return problem
}

/** Of several callers each that is thrown an error is said to be: in the list of outputs, or by the status of all. */
function unsaidCaller({ scenario, callers }: Observation): Problem | undefined {
  const { expect } = scenario.spec
  if (expect.status !== undefined || namesError(expect)) return undefined
  const said = saidOutputs(expect)
  const index = callers.findIndex((caller, at) => statusOf(caller) === 'failed' && !isSaidToFail(said[at]))
  const error = callers[index]?.thrown ?? null
  if (error === null) return undefined
  return {
    code: 'E_EXPECT',
    message: `Caller ${index + 1} of ${callers.length} was thrown ${errorOf({ error, feedback: error.message, status: 'failed' })}; say so in the list of \`output\` or \`outputMatches\`, \`{ error: { … } }\` in its place, or \`expect: { status: failed, … }\`, if it should be.`,
    at: ['expect'],
    expected: 'completed',
    actual: 'failed',
  }
}

function saidOutputs({ output, outputMatches }: Expectation): readonly unknown[] {
  const said = output ?? outputMatches
  return Array.isArray(said) ? said : []
}

/** A scenario that any failure satisfies: also one that is a bug. */
export function anyErrorRemark({ scenario, callers }: Observation, ending: Observed): Remark | undefined {
  const { expect } = scenario.spec
  if (callers.length > 0 && saidOutputs(expect).some(isSaidToFail)) return undefined
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
  return cutTo(error === null ? (feedback ?? 'no reason') : `${error.name}: ${error.message}`, QUOTE_MAX)
}
