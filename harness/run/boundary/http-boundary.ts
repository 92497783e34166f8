import { allowsBody, asFetched } from '../../faults/effects/fetch-responses.ts'
import { requestPoint } from '../../faults/points/http.ts'
import type { Pins } from '../../world/pins.ts'
import type { SimWorld } from '../../world/sim-world.ts'
import type { Boundaries } from './boundaries.ts'

/** A request that is about to cross the boundary. */
interface Crossing {
  readonly world: SimWorld
  readonly boundaries: Boundaries
  /** What it sends, as text; `undefined` for no body. */
  readonly body: string | undefined
  /** Which of several callers asks, from 0. */
  readonly caller?: number | undefined
  /** Sends it on. Default: the `fetch` that the scenario has found, Node's own or what a test has put in its place. */
  readonly send?: (request: Request) => Promise<Response>
}

/**
 * Sends one request through its boundary point: a fault, or the real network with time pinned until the response,
 * and each piece of its body, is there.
 */
export async function fetchThrough(
  request: Request,
  { world, boundaries, body, caller, send = boundaries.network }: Crossing,
): Promise<Response> {
  const { method, url } = request
  const headers = Object.fromEntries(request.headers)
  const call = {
    point: requestPoint(request),
    path: undefined,
    input: { method, url, headers, body: body === undefined ? null : said(body, headers['content-type']) },
    signal: () => request.signal,
    headers: () => headers,
    caller,
  }
  // A fetch that is aborted before it begins never asks a server.
  request.signal.throwIfAborted()
  boundaries.openRequests.add(request)
  try {
    return (await boundaries.cross(call, () => pinned(request, world, send))) as Response
  } finally {
    boundaries.openRequests.delete(request)
  }
}

/** `application/json`, `application/problem+json; charset=utf-8`. */
const JSON_TYPE = /^application\/(?:[^;\s]+\+)?json\b/u

/**
 * A body as conditions and expectations see it: JSON as what it says, whether or not its sender names it so; but a mere
 * `42` is a text, unless it is sent as JSON.
 */
function said(body: string, type: string | undefined): unknown {
  if (!/^\s*[[{]/u.test(body) && !JSON_TYPE.test(type ?? '')) return body
  try {
    return JSON.parse(body) as unknown
  } catch {
    return body
  }
}

async function pinned(
  request: Request,
  world: SimWorld,
  send: (request: Request) => Promise<Response>,
): Promise<Response> {
  const release = world.pins.hold(`${request.method} ${request.url}`)
  try {
    return pinnedBody(await send(request), world.pins)
  } finally {
    release()
  }
}

/**
 * The same response, whose body holds time still while a piece of it is on its way.
 *
 * @param failure what its reader meets when it breaks with this error
 */
export function pinnedBody(
  response: Response,
  pins: Pick<Pins, 'hold'>,
  failure = (error: unknown): unknown => error,
): Response {
  if (response.body === null || !allowsBody(response.status)) return response
  const reader = response.body.getReader()
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const release = pins.hold(`body of ${response.url}`)
        try {
          const piece = await reader.read()
          if (piece.done) controller.close()
          else controller.enqueue(piece.value)
        } catch (error) {
          controller.error(failure(error))
        } finally {
          release()
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    // Read on demand only: a body that is never read must not hold time still.
    { highWaterMark: 0 },
  )
  const { status, statusText, headers } = response
  return asFetched(new Response(body, { status, statusText, headers }), response)
}
