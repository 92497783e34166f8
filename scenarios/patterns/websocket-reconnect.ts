import type { Ports } from 'shakedown/harness'

interface Tick {
  readonly id: number
  readonly price: number
}

/** Attempts in a row that bring nothing before the feed is given up. */
const ATTEMPTS_MAX = 4
/** A feed that is silent for this long is dead, whatever its socket says. */
const SILENCE_MS = 30_000

/**
 * Reads prices until the market closes. A connection that is dropped or goes silent is opened again, after a wait that doubles
 * and begins anew once something came; what a new connection repeats is not counted twice.
 */
export async function readPrices(_: null, ports: Ports): Promise<readonly number[]> {
  const prices: number[] = []
  let lastId = 0
  for (let attempt = 1; ; attempt++) {
    const ending = await readConnection(ports, (tick) => {
      if (tick.id <= lastId) return
      lastId = tick.id
      prices.push(tick.price)
      attempt = 1
    })
    if (ending === 'closed') return prices
    if (attempt >= ATTEMPTS_MAX) throw new Error(`The feed is gone: ${ending}.`)
    await ports.clock.sleep(100 * 2 ** (attempt - 1))
  }
}

/** Reads one connection and says how it ended; it is closed then, whoever closed it. */
function readConnection(
  { events, clock }: Ports,
  onTick: (tick: Tick) => void,
): Promise<'closed' | 'dropped' | 'silent'> {
  return new Promise((resolve) => {
    const socket = events<Tick>('prices')
    const silence = clock.setTimeout(() => {
      resolve('silent')
      socket.close()
    }, SILENCE_MS)
    socket.on('message', (tick) => {
      silence.refresh()
      onTick(tick)
    })
    socket.on('close', (code) => {
      clock.clearTimeout(silence)
      resolve(code === 1006 ? 'dropped' : 'closed')
    })
  })
}
