import { ShakedownError } from '../base/errors.ts'

/**
 * Why a run is not carried on.
 *
 * @example
 * const mayTryAgain = (code: ResumeCode): boolean => code === 'E_RUN_ALIVE' || code === 'E_ANSWER'
 */
export type ResumeCode =
  | 'E_RUN_UNKNOWN'
  | 'E_RUN_ALIVE'
  | 'E_NOT_PAUSED'
  | 'E_PAUSED'
  | 'E_RUN_ENDED'
  | 'E_NOT_DURABLE'
  | 'E_AMBIGUOUS_APPROVAL'
  | 'E_ANSWER'

/**
 * A run is not carried on; it stays as it was. `code` says why.
 *
 * @example
 * try {
 *   await engine.resume('nightly-7', { approved: true })
 * } catch (error) {
 *   if (error instanceof ResumeError && error.code === 'E_RUN_ALIVE') console.error('somebody was faster')
 * }
 */
export class ResumeError extends ShakedownError {
  override readonly name = 'ResumeError'
  declare readonly code: ResumeCode

  constructor(code: ResumeCode, message: string, hint?: string, cause?: unknown) {
    super(code, message, { hint, cause })
  }
}
