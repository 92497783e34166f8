import { withCode } from './words.ts'
import { SCENARIO_FAILURE } from '../report/scenarios.ts'
import type { ErrorInfo } from '../report/error-info.ts'
import type { Failure } from '../report/model.ts'
import type { ScenarioProblem } from '../report/scenarios.ts'

/** What was expected and what there was, each on one line. */
export interface Compared {
  readonly expected: string
  readonly received: string
}

/** The two values of a diff that has nothing else in it; `undefined` for a diff with lines to read. */
export function comparedIn(diff: string | null): Compared | undefined {
  const [, expected, received] = /^- Expected\n\+ Received\n\n- (.*)\n\+ (.*)$/.exec(diff ?? '') ?? []
  return expected === undefined || received === undefined ? undefined : { expected, received }
}

/** An error of a failure as readers are shown it: one that is a list of checks, as its checks. */
export type ShownError = { readonly kind: 'error'; readonly error: ErrorInfo } | ShownChecks

/** What is wrong with a scenario; its diff is that of the first comparison. */
export interface ShownChecks {
  readonly kind: 'checks'
  readonly error: ErrorInfo
  readonly checks: readonly ScenarioProblem[]
}

/** All errors of a failure, the reason first. The checks are those of its last attempt. */
export function shownErrors({ error, moreErrors, checks }: Failure): ShownError[] {
  const errors = [error, ...moreErrors]
  const last = errors.findLastIndex(({ name }) => name === SCENARIO_FAILURE)
  return errors.map((each, index) =>
    index === last && checks !== undefined
      ? { kind: 'checks', error: each, checks }
      : { kind: 'error', error: each },
  )
}

/** `status to be "completed"`, and what there was. */
export function comparedBy({ comparison }: ScenarioProblem): Compared | undefined {
  if (comparison === undefined) return undefined
  const { what, expected, received } = comparison
  return { expected: `${what} to be ${expected}`, received }
}

/** What a check says besides the values that it compares, with the code to look it up by. */
export function checkText(check: ScenarioProblem): string {
  return check.comparison === undefined ? withCode(check) : check.comparison.detail
}
