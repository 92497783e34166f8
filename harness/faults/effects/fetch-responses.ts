import { bodyTerminated } from './fetch-failures.ts'

/** A response as a server would have sent it. */
export interface SentResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** `null` for the statuses that cannot have one. */
  readonly body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>> | null
  /** Where it came from; `response.url` of a real fetch. */
  readonly url: string
}

/** These answer without a body, whatever the server sends (Fetch, "null body status"). */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304])

export function allowsBody(status: number): boolean {
  return !BODILESS.has(status)
}

/** Servers say how long a body is, be it empty, except where there can be none (RFC 9110, 8.6); a 205 says 0. */
export function statesLength(status: number): boolean {
  return status !== 204 && status !== 304
}

/** Makes the `Response` that `fetch` would have given for it. */
export function makeResponse(sent: SentResponse): Response {
  const response = new Response(sent.body, {
    status: sent.status,
    statusText: statusText(sent.status),
    headers: sent.headers,
  })
  return asFetched(response, sent.url)
}

/** `Not Found`. Not imported: that would load all that `node:http` offers, `fetch` too, at every start: 40 ms. */
function statusText(status: number): string {
  return process.getBuiltinModule('node:http').STATUS_CODES[status] ?? ''
}

/** Bytes that arrive, and a connection that fails after them. */
export function failingBody(
  bytes: Uint8Array<ArrayBuffer>,
  failure: () => Error,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let sent = bytes.length === 0
  return new ReadableStream(
    {
      pull(controller) {
        // One pull each: an error drops whatever is still queued, and a reader is to see the bytes first.
        if (sent) controller.error(bodyTerminated(failure()))
        else controller.enqueue(bytes)
        sent = true
      },
    },
    { highWaterMark: 0 },
  )
}

/** The constructor leaves `url` empty and `type` at `default`; libraries read both, also from clones. */
function asFetched(response: Response, url: string): Response {
  return Object.defineProperties(response, {
    url: { value: url },
    type: { value: 'basic' },
    clone: { value: () => asFetched(Response.prototype.clone.call(response), url) },
  })
}
