/** What a TCP handle of Node's can be asked; any of it may be missing. */
interface TcpHandle {
  readonly getsockname?: (into: Address) => number
  readonly getpeername?: (into: Address) => number
}

interface Address {
  address?: string
  port?: number
}

/**
 * The servers that a scenario has started itself. What comes on a connection to one of them is sent by the scenario: it may
 * be sent only after a virtual wait, so the connection must not hold time.
 */
export class OwnServers {
  readonly #listening: TcpHandle[] = []

  add(handle: object): void {
    this.#listening.push(handle)
  }

  /** Whether the other end of a connection is one of them. */
  reachedBy(connection: object): boolean {
    if (this.#listening.length === 0) return false
    const near = addressOf(connection, 'getsockname')
    const far = addressOf(connection, 'getpeername')
    // Both ends on this machine, at one address.
    if (far.port === undefined || near.address !== far.address) return false
    return this.#listening.some((server) => addressOf(server, 'getsockname').port === far.port)
  }
}

/** Nothing for a handle that is closed, or is no TCP handle. */
function addressOf(handle: TcpHandle, which: keyof TcpHandle): Address {
  const into: Address = {}
  handle[which]?.(into)
  return into
}
