import { allowsBody, asFetched } from '../../faults/effects/fetch-responses.ts'

/** Most redirects in a row; the Fetch standard says so. */
const REDIRECTS_MAX = 20
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
/** What a request that has lost its body must not say. */
const OF_THE_BODY = [
  'content-encoding',
  'content-language',
  'content-location',
  'content-type',
  'content-length',
]
/** What another origin must not be told. */
const SECRETS = ['authorization', 'proxy-authorization', 'cookie', 'host']

/** A request, and its body as text where it has one. */
export interface Sending {
  readonly request: Request
  readonly body: string | undefined
}

/**
 * Follows the redirects that a boundary answers with, as `fetch` does (Fetch standard, HTTP-redirect fetch). Those of a real
 * server have been followed below it.
 *
 * @throws TypeError as of Node's `fetch`: for `redirect: 'error'`, after 20 in a row, for a place that is no URL or none of HTTP
 */
export async function followed(
  first: Sending,
  send: (sending: Sending) => Promise<Response>,
): Promise<Response> {
  let sending = first
  for (let count = 0; ; count++) {
    const response = await send(sending)
    const { redirect, url } = sending.request
    const location = response.headers.get('location')
    if (!REDIRECTS.has(response.status) || redirect === 'manual' || location === null)
      return count === 0 ? response : asFetched(response, { url, type: response.type, redirected: true })
    if (redirect === 'error') throw failed('unexpected redirect')
    if (count === REDIRECTS_MAX) throw failed('redirect count exceeded')
    if (allowsBody(response.status)) await response.body?.cancel()
    sending = next(sending, response.status, placeOf(location, url))
  }
}

/** @throws TypeError as of Node's `fetch`, for what is no URL */
function placeOf(location: string, from: string): URL {
  try {
    return new URL(location, from)
  } catch (cause) {
    throw new TypeError('fetch failed', { cause })
  }
}

function next({ request, body }: Sending, status: number, url: URL): Sending {
  if (!url.protocol.startsWith('http')) throw failed('URL scheme must be a HTTP(S) scheme')
  const headers = new Headers(request.headers)
  const { method, signal } = request
  const isGet = method === 'GET' || method === 'HEAD'
  const becomesGet = status === 303 ? !isGet : (status === 301 || status === 302) && method === 'POST'
  if (becomesGet) for (const name of OF_THE_BODY) headers.delete(name)
  if (url.origin !== new URL(request.url).origin) for (const name of SECRETS) headers.delete(name)
  const kept = becomesGet ? undefined : body
  const init = { method: becomesGet ? 'GET' : method, headers, signal, redirect: request.redirect }
  return { request: new Request(url, kept === undefined ? init : { ...init, body: kept }), body: kept }
}

function failed(why: string): TypeError {
  return new TypeError('fetch failed', { cause: new Error(why) })
}
