import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'

/** A raw TCP server on loopback that does with each request whatever it is told: no HTTP library smooths it over. */
export interface FaultServer extends AsyncDisposable {
  readonly url: string
  /** Closes the port; the address stays known, to be refused at. */
  close(): Promise<void>
}

/** `answer` is called when the first bytes of a request have arrived. */
export async function faultServer(answer: (socket: Socket, request: string) => void): Promise<FaultServer> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // A client that goes away first is part of the plan.
    socket.on('error', () => {})
    socket.on('data', (request: Buffer) => answer(socket, request.toString('latin1')))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    if (!server.listening) return
    server.close()
    await once(server, 'close')
  }
  return { url: `http://127.0.0.1:${port}/orders`, close, [Symbol.asyncDispose]: close }
}

/** A response as bytes on the wire. */
export function onTheWire(
  status: string,
  headers: Readonly<Record<string, string | number>>,
  body = '',
): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${body}`
}
