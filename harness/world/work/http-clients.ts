import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Hold } from './holds.ts'
import { currentWork } from './hook.ts'
import type { Work } from './work.ts'

/** What is read of a socket. */
interface SocketLike {
  readonly _handle?: object | null
}

/** What is read of a `node:http` request. */
interface ClientRequestLike {
  readonly method: string
  readonly path: string
  readonly socket: SocketLike | null
  readonly writableEnded: boolean
  readonly destroyed: boolean
  readonly res?: { readonly complete: boolean } | null
}

/** What is read of an undici request, `fetch` included. */
interface UndiciRequestLike {
  readonly method: string
  readonly path: string
  readonly origin?: string | URL
}

/** What is read of the client's end of an HTTP/2 stream. */
interface ClientStreamLike {
  readonly destroyed: boolean
  readonly writableEnded: boolean
  readonly readableLength: number
  readonly session?: { readonly destroyed: boolean; readonly socket?: SocketLike } | undefined
}

/** In whose name an undici request was made: it may be sent in another's. */
const undiciWork = new WeakMap<object, Work>()

/** The same of a stream. */
const streamWork = new WeakMap<object, Work>()

/**
 * Open requests, from the channels that Node's HTTP clients publish on. An async hook sees the sockets that a scenario
 * opens, but a request may go out on one that another scenario has left open.
 */
const listeners: Readonly<Record<string, (message: never) => void>> = {
  'http.client.request.created': ({ request }: { request: ClientRequestLike }) => {
    const work = workOfRequests()
    work?.beginAs(request, `${request.method} ${request.path}`, () => clientRequestHold(request, work))
  },
  'undici:request:create': ({ request }: { request: UndiciRequestLike }) => {
    const work = workOfRequests()
    if (work !== undefined) undiciWork.set(request, work)
  },
  'undici:client:sendHeaders': ({ request, socket }: { request: UndiciRequestLike; socket: SocketLike }) => {
    const work = undiciWork.get(request)
    work?.beginAs(request, `${request.method} ${request.origin?.toString() ?? ''}${request.path}`, () =>
      socketHold(socket, work),
    )
  },
  'http2.client.stream.created': ({
    stream,
    headers,
  }: {
    stream: ClientStreamLike
    headers: Readonly<Record<string, string | undefined>> | undefined
  }) => {
    const work = currentWork()
    if (work === undefined) return
    streamWork.set(stream, work)
    const words = `${headers?.[':method'] ?? 'GET'} ${headers?.[':path'] ?? '/'}`
    work.beginAs(stream, words, () => streamHold(stream, work))
  },
  'http2.client.stream.close': ({ stream }: { stream: ClientStreamLike }) => {
    streamWork.get(stream)?.calledBack(stream)
  },
  'undici:request:trailers': endUndici,
  'undici:request:error': endUndici,
}

/** Listens to all HTTP clients of this process. Returns what ends it. */
export function listenToHttpClients(): () => void {
  const entries = Object.entries(listeners) as [string, (message: unknown) => void][]
  for (const [channel, listener] of entries) subscribe(channel, listener)
  return () => {
    for (const [channel, listener] of entries) unsubscribe(channel, listener)
  }
}

function workOfRequests(): Work | undefined {
  const work = currentWork()
  return work?.httpClients === true ? work : undefined
}

function endUndici({ request }: { request: UndiciRequestLike }): void {
  undiciWork.get(request)?.calledBack(request)
}

function clientRequestHold(request: ClientRequestLike, work: Work): Hold {
  // Not sent to its end, it waits for the subject; with its answer complete, for nothing.
  if (request.destroyed || !request.writableEnded || request.res?.complete === true) return 'none'
  return socketHold(request.socket, work)
}

/** No handle: a socket that is not one, such as a mock's, or one that is being opened, which the hook sees. */
function socketHold(socket: SocketLike | null, work: Work): Hold {
  const handle = socket?._handle
  return handle === null || handle === undefined ? 'none' : work.holdOfHandle(handle)
}

/** Not sent to its end, or answered with what has not been read yet, it waits for the subject. */
function streamHold(
  { destroyed, writableEnded, readableLength, session }: ClientStreamLike,
  work: Work,
): Hold {
  if (destroyed || !writableEnded || readableLength > 0 || session === undefined || session.destroyed)
    return 'none'
  const handle = session.socket?._handle
  return handle !== null && handle !== undefined && work.reachesItself(handle) ? 'own' : 'soft'
}
