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
const BODILESS: ReadonlySet<number> = new Set([101, 103, 204, 205, 304])

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
  return asFetched(response, { url: sent.url, type: 'basic', redirected: false })
}

/** `Not Found`. Not imported: that would load all that `node:http` offers, `fetch` too, at every start: 40 ms. */
function statusText(status: number): string {
  return process.getBuiltinModule('node:http').STATUS_CODES[status] ?? ''
}

/** What a response says of itself that only `fetch` can give it. */
type Origin = Pick<Response, 'url' | 'type' | 'redirected'>

/** The constructor leaves `url` empty and `type` at `default`; libraries read both, also from clones. */
export function asFetched(response: Response, { url, type, redirected }: Origin): Response {
  return Object.defineProperties(response, {
    url: { value: url, configurable: true },
    type: { value: type, configurable: true },
    redirected: { value: redirected, configurable: true },
    clone: {
      configurable: true,
      value: () => asFetched(Response.prototype.clone.call(response), { url, type, redirected }),
    },
  })
}
