import { ShakedownError } from '../../base/errors.ts'

/** These ask to come again; any other 4xx says that the request itself is wrong (RFC 9110 §15.5, RFC 6585 §4, RFC 8470 §5.2). */
const RETRYABLE_4XX: ReadonlySet<number> = new Set([408, 409, 423, 425, 429])

/**
 * A server answered an adapter's request with something that is no answer to it. `retryable` is false for what would be refused
 * again: a 4xx other than 408, 409, 423, 425 and 429.
 *
 * @example
 * const careful = route('ask', {
 *   adapters: [httpAdapter({ name: 'remote', url: 'http://localhost:4200/tasks' })],
 *   retryIf: (thrown) => !(thrown instanceof HttpAdapterError && thrown.status === 501),
 * })
 */
export class HttpAdapterError extends ShakedownError {
  override readonly name = 'HttpAdapterError'
  /** The HTTP status. */
  readonly status: number
  /** What the server asks for with `Retry-After` is read from these. */
  readonly headers: Headers
  readonly retryable: boolean

  constructor(message: string, { status, headers }: Pick<Response, 'status' | 'headers'>, cause?: unknown) {
    super('E_HTTP_ADAPTER', message, cause === undefined ? {} : { cause })
    this.status = status
    this.headers = headers
    this.retryable = status < 400 || status >= 500 || RETRYABLE_4XX.has(status)
  }
}
