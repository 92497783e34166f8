import type { SerializedError } from '../../src/index.ts'

/** What libraries call it: `AbortError`, `ABORT_ERR`, `CanceledError`, `ERR_CANCELED`, `APIUserAbortError`, … */
const ABORTED = /abort|cancell?ed/i

/** How it is said by those that have no name for it: `This operation was aborted`, `Request was aborted.` A business may cancel, too. */
const SAID = /^(?:(?:this|the|user) )?(?:operation|request)(?: was)? (?:aborted|cancell?ed)\b/i

/** Whether an error says, itself or through its causes, that the work was given up because nobody wanted it any more. */
export function isAbortError(error: SerializedError): boolean {
  const { name, message, code, cause, errors = [] } = error
  return (
    ABORTED.test(name) ||
    (code !== undefined && ABORTED.test(code)) ||
    SAID.test(message) ||
    (cause !== undefined && isAbortError(cause)) ||
    errors.some(isAbortError)
  )
}
