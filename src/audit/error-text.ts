import type { SerializedError } from '../base/result.ts'

/** Deeper than the engine serialises causes; what also ends a hand-made cycle. */
const DEPTH_MAX = 16
/** Errors in one record, causes and parts together. */
const ERRORS_MAX = 256

/** A serialised error as JSON text, its stack formatted now. Never throws. */
export function errorText(error: SerializedError): string {
  try {
    return JSON.stringify(plain(error, DEPTH_MAX, { errors: ERRORS_MAX }))
  } catch {
    return JSON.stringify({ name: 'Unreadable', message: 'The error could not be read.' })
  }
}

function plain(error: SerializedError, depth: number, left: { errors: number }): SerializedError {
  if (depth === 0 || left.errors-- <= 0) return { name: 'Cut', message: 'further errors are left out' }
  const { name, message, code, stack, cause, errors } = error
  return {
    name,
    message,
    ...(code === undefined ? {} : { code }),
    ...(stack === undefined ? {} : { stack }),
    ...(cause === undefined ? {} : { cause: plain(cause, depth - 1, left) }),
    ...(errors === undefined ? {} : { errors: errors.map((part) => plain(part, depth - 1, left)) }),
  }
}
