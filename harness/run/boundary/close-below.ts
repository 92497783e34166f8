import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import type { PutBack } from '../../world/put-back.ts'

/** Node publishes every client socket here before it connects. */
const CLIENT_SOCKETS = 'net.client.socket'

/** What is below a socket, as Node keeps it; `null` once it is closed. */
interface WithHandle {
  readonly _handle?: { close(): void } | null
}

/**
 * Closes what is below the sockets that are made from now on when they close: those of requests that nock answers never close
 * it themselves. Each would cost 42 kB and a place in the list of what keeps the process alive, for as long as it lives.
 *
 * @returns what ends it for sockets that are made later
 */
export function closeBelow(): PutBack {
  subscribe(CLIENT_SOCKETS, follow)
  return () => void unsubscribe(CLIENT_SOCKETS, follow)
}

function follow(message: unknown): void {
  const { socket } = message as { socket: Socket & WithHandle }
  // Of a real connection nothing is left by then, and closing twice does nothing.
  socket.once('close', () => socket._handle?.close())
}
