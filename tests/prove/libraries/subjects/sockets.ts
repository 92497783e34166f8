import { WebSocket, WebSocketServer } from 'ws'
import { started } from '../servers.ts'
import { inBothModes, type SilentSubject, whileWanted } from '../subject.ts'

/** Answers each message; started on the server of the test's own. */
export function acceptWebSockets(): void {
  const accepting = new WebSocketServer({ server: started().http })
  accepting.on('connection', (socket) => {
    socket.on('error', () => {})
    socket.on('message', (data: Buffer) => socket.send(`heard ${data.toString()}`))
  })
}

/** A WebSocket client that connects anew when it has to. */
export const sockets: readonly SilentSubject[] = inBothModes(
  { name: 'ws, one answer on a new connection', abortable: true },
  (surroundings) => {
    const ask = surroundings.ports.fn('work', ({ signal }: { signal: AbortSignal }) =>
      askOverWebSocket(signal),
    )
    return whileWanted(surroundings, (signal) => ask({ signal }))
  },
)

function askOverWebSocket(signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const socket = new WebSocket(started().origin.replace('http', 'ws'), { handshakeTimeout: 5_000 })
    const leave = (): void => {
      socket.terminate()
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', leave, { once: true })
    socket.on('error', reject)
    socket.on('open', () => socket.send('hello'))
    socket.on('message', (data: Buffer) => {
      signal.removeEventListener('abort', leave)
      socket.close()
      resolve(data.toString())
    })
  })
}
