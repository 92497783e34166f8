import type { BoundaryCall } from '../../../src/index.ts'
import { systemErrorOf } from './system-errors.ts'

// Everything here has the shape undici gives Node's `fetch`: a TypeError `fetch failed` whose cause is what the socket
// said. The parity suite compares each one with a real socket.

/** Whom a failed request was for. */
export interface FetchTarget {
  /** `''` when the call did not say. */
  readonly url: string
  readonly hostname: string
  /** A literal address: the host itself when it is one, else loopback, since nothing was resolved. */
  readonly address: string
  readonly port: number
}

/** Reads the target from the call: its input is a `Request`, a URL, or anything with a `url`. */
export function targetOf(call: BoundaryCall): FetchTarget {
  const url = URL.parse(urlIn(call.input))
  if (url === null) return { url: '', hostname: 'localhost', address: '127.0.0.1', port: 80 }
  const hostname = url.hostname.replace(/^\[|\]$/g, '')
  const defaultPort = url.protocol === 'https:' ? 443 : 80
  const isAddress = /^[\d.]+$/.test(hostname) || hostname.includes(':')
  url.hash = ''
  return {
    url: url.href,
    hostname,
    address: isAddress ? hostname : '127.0.0.1',
    port: url.port === '' ? defaultPort : Number(url.port),
  }
}

/** What `fetch` rejects with when it gets no response. */
export function fetchFailed(cause: Error): TypeError {
  return new TypeError('fetch failed', { cause })
}

/** What reading a body rejects with when the connection ends before the body does. */
export function bodyTerminated(cause: Error): TypeError {
  return new TypeError('terminated', { cause })
}

/** No server listens on the port. */
export function connectionRefused({ address, port }: FetchTarget): Error {
  return systemError('ECONNREFUSED', 'connect', `${address}:${port}`, { address, port })
}

/** The host's name cannot be resolved. */
export function hostNotFound({ hostname }: FetchTarget): Error {
  return systemError('ENOTFOUND', 'getaddrinfo', hostname, { hostname })
}

/** The other side sent RST. */
export function connectionReset(): Error {
  return systemError('ECONNRESET', 'read', '', {})
}

/** The other side closed the connection in good order, but before it had answered. */
export function otherSideClosed({ address, port }: FetchTarget): Error {
  const socket = {
    localAddress: address,
    localPort: 0,
    remoteAddress: address,
    remotePort: port,
    remoteFamily: address.includes(':') ? 'IPv6' : 'IPv4',
    timeout: undefined,
    bytesWritten: 0,
    bytesRead: 0,
  }
  return Object.assign(new Error('other side closed'), {
    name: 'SocketError',
    code: 'UND_ERR_SOCKET',
    socket,
  })
}

/** The same to a request of `node:http`, which has a word of its own for a server that closes before it answers. */
export function asClientRequestError(failure: unknown): unknown {
  if (!(failure instanceof Error) || !('code' in failure) || failure.code !== 'UND_ERR_SOCKET') return failure
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
}

function systemError(
  code: string,
  syscall: string,
  subject: string,
  more: Record<string, string | number>,
): Error {
  const error = new Error(`${syscall} ${code}${subject === '' ? '' : ` ${subject}`}`)
  return Object.assign(error, { errno: systemErrorOf(code)?.errno, code, syscall }, more)
}

/** The URL that the input of a call says: a `Request`, a URL, text, or anything with a `url`; `''` when it says none. */
export function urlIn(input: unknown): string {
  if (typeof input === 'string') return input
  if (input instanceof URL) return input.href
  if (typeof input !== 'object' || input === null || !('url' in input)) return ''
  return typeof input.url === 'string' ? input.url : ''
}
