/** How deep Node's own frames may lie when a job of `crypto.subtle` is made. */
const FRAMES_MAX = 40

/** What its frames have in common, in Node 22 to 26. */
const WEB_CRYPTO = /node:internal\/crypto\/(?:webcrypto|webidl)|SubtleCrypto/

/**
 * Whether `crypto.subtle` is making a job just now. Its jobs settle a promise inside Node, so since Node 24 nothing about
 * them tells that they run in another thread: they look like those that are done on the spot. Only where they come from
 * says so.
 */
export function isWebCryptoCalling(): boolean {
  const { stackTraceLimit } = Error
  const formatter = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace')
  Object.assign(Error, { stackTraceLimit: FRAMES_MAX, prepareStackTrace: undefined })
  try {
    return WEB_CRYPTO.test(new Error('where').stack ?? '')
  } finally {
    Error.stackTraceLimit = stackTraceLimit
    if (formatter === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace')
    else Object.defineProperty(Error, 'prepareStackTrace', formatter)
  }
}
