/** True for a promise of whatever making: what has a method `then`. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return false
  try {
    return typeof (value as Partial<PromiseLike<unknown>>).then === 'function'
  } catch {
    // What cannot be read cannot be waited for.
    return false
  }
}

/** Nobody waits for this. Should it be a promise, what it rejects with is nobody's business and must not end the process. */
export function leaveAlone(value: unknown): void {
  if (isPromise(value)) Promise.resolve(value).then(nothing, nothing)
}

function nothing(): void {}
