import { Socket } from 'node:net'
import { runningFor } from '../../world/globals/running.ts'
import { VirtualTimeout } from '../../world/globals/virtual-timeout.ts'
import type { VirtualTimers } from '../../world/globals/virtual-timers.ts'
import { type PutBack, remember } from '../../world/put-back.ts'
import { before } from '../../world/work/before.ts'

// Captured at import: it is real, whatever the global is later.
const clearRealTimeout = clearTimeout

/** What Node calls when a socket has been idle for too long, and what it waits for that with. */
interface IdleSocket {
  _onTimeout(): void
}

/**
 * Makes the time limits of sockets virtual, as `request.setTimeout`, the option `timeout` and an agent's limit set them: below
 * nock their answers come in virtual time, and Node counts with timers that no global leads to. Only for code of a scenario
 * with virtual global timers.
 *
 * @returns what puts it back
 */
export function virtualSocketTimeouts(): PutBack {
  const putBack = remember(Socket.prototype, 'setTimeout')
  const method = Reflect.get(Socket.prototype, 'setTimeout') as unknown as (...args: unknown[]) => Socket
  Reflect.set(Socket.prototype, 'setTimeout', function (this: Socket, ...args: unknown[]): Socket {
    const result = Reflect.apply(method, this, args)
    const timers = runningFor()?.timers
    if (timers !== undefined) makeVirtual(this, timers)
    return result
  })
  return putBack
}

/** Those that begin their wait anew when something comes or goes: what nock brings does not tell Node so. */
const followed = new WeakSet<Socket>()

function makeVirtual(socket: Socket, timers: VirtualTimers): void {
  const key = Object.getOwnPropertySymbols(socket).find((each) => isTimeout(Reflect.get(socket, each)))
  if (key === undefined) return
  const real = Reflect.get(socket, key) as NodeJS.Timeout
  clearRealTimeout(real)
  const call = (): void => (socket as Socket & IdleSocket)._onTimeout()
  const idle = new VirtualTimeout(timers, { call, args: [] }, socket.timeout, false)
  Reflect.set(socket, key, idle.unref())
  if (followed.has(socket)) return
  followed.add(socket)
  const refresh = (): void => {
    const current = Reflect.get(socket, key) as unknown
    if (current instanceof VirtualTimeout) current.refresh()
  }
  for (const name of ['push', 'write']) before(socket, name, refresh, [])
}

/** Node's own timer: a socket has one, by a symbol that Node keeps to itself, while it has a limit. */
function isTimeout(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    value.constructor.name === 'Timeout' &&
    !(value instanceof VirtualTimeout)
  )
}
