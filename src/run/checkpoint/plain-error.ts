import type { SerializedError } from '../../base/result.ts'

/** An error without anything that is read late: what is kept of it survives the process. */
export function plainError({ name, message, stack, code, cause, errors }: SerializedError): SerializedError {
  return {
    name,
    message,
    ...(stack === undefined ? {} : { stack }),
    ...(code === undefined ? {} : { code }),
    ...(cause === undefined ? {} : { cause: plainError(cause) }),
    ...(errors === undefined ? {} : { errors: errors.map(plainError) }),
  }
}

/** An error to throw that says what the one said that was kept. */
export function reviveError(error: SerializedError): Error {
  const { name, message, stack, code, cause } = error
  const revived = new Error(message, cause === undefined ? {} : { cause: reviveError(cause) })
  Object.defineProperty(revived, 'name', { value: name })
  if (stack !== undefined) revived.stack = stack
  return code === undefined ? revived : Object.assign(revived, { code })
}
