import type { SerializedError } from '../../src/index.ts'

/** What libraries call it: `AbortError`, `ABORT_ERR`, `CanceledError`, `ERR_CANCELED`, `APIUserAbortError`, … */
const ABORTED = /abort|cancell?ed/i

/** Whether an error says, itself or through its causes, that the work was given up because nobody wanted it any more. */
export function isAbortError(error: SerializedError): boolean {
  const { name, message, code, cause, errors = [] } = error
  return (
    ABORTED.test(name) ||
    (code !== undefined && ABORTED.test(code)) ||
    ABORTED.test(message) ||
    (cause !== undefined && isAbortError(cause)) ||
    errors.some(isAbortError)
  )
}
