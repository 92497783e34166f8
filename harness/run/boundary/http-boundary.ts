import { requestPoint } from '../../faults/points/http.ts'
import type { Pins } from '../../world/pins.ts'
import type { SimWorld } from '../../world/sim-world.ts'
import type { Boundaries } from './boundaries.ts'

// Captured at import: nock replaces the global while it listens.
const realFetch = globalThis.fetch

/** Statuses whose responses must not have a body (Fetch standard, "null body status"). */
const NULL_BODY = new Set([101, 103, 204, 205, 304])

/**
 * Sends one request through its boundary point: a fault, or the real network with time pinned until the response,
 * and each piece of its body, is there.
 */
export async function fetchThrough(
  request: Request,
  world: SimWorld,
  boundaries: Boundaries,
  body: string | undefined,
): Promise<Response> {
  const call = {
    point: requestPoint(request),
    path: undefined,
    input: inputOf(request, body),
    signal: () => request.signal,
    headers: () => Object.fromEntries(request.headers),
  }
  // A fetch that is aborted before it begins never asks a server.
  request.signal.throwIfAborted()
  return (await boundaries.cross(call, () => pinned(request, world))) as Response
}

/** A request as conditions and expectations see it: a body that is JSON as what it says. */
function inputOf({ method, url, headers }: Request, body: string | undefined): unknown {
  return { method, url, headers: Object.fromEntries(headers), body: body === undefined ? null : parsed(body) }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return body
  }
}

async function pinned(request: Request, world: SimWorld): Promise<Response> {
  const release = world.pins.hold(`${request.method} ${request.url}`)
  try {
    return pinnedBody(await realFetch(request), world.pins)
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
  if (response.body === null || NULL_BODY.has(response.status)) return response
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
  const wrapped = new Response(body, { status, statusText, headers })
  // What a constructed response cannot be told.
  Object.defineProperty(wrapped, 'url', { value: response.url })
  Object.defineProperty(wrapped, 'redirected', { value: response.redirected })
  return wrapped
}
