import Bottleneck from 'bottleneck'
import { circuitBreaker, type CircuitBreakerPolicy, ConsecutiveBreaker, handleAll } from 'cockatiel'
import CircuitBreaker from 'opossum'
import PQueue from 'p-queue'
import { inBothModes, orGaveUp, type SilentSubject, sleepGlobally } from '../subject.ts'

type Send = () => Promise<unknown>

/**
 * Made when they are first asked for, then kept from scenario to scenario. What a module makes when it is loaded has read
 * the real clock, and sees the time of each scenario begin earlier.
 */
const kept = new Map<string, unknown>()

function once<T>(name: string, make: () => T): T {
  if (!kept.has(name)) kept.set(name, make())
  return kept.get(name) as T
}

const limiter = (): Bottleneck => once('limiter', () => new Bottleneck({ maxConcurrent: 2, minTime: 100 }))
const queue = (): PQueue =>
  once('queue', () => new PQueue({ concurrency: 2, intervalCap: 3, interval: 500, timeout: 1_000 }))
const breaker = (): CircuitBreaker<[Send]> =>
  once('breaker', () => new CircuitBreaker((send: Send) => send(), { timeout: 500, resetTimeout: 1_000 }))
const policy = (): CircuitBreakerPolicy =>
  once('policy', () =>
    circuitBreaker(handleAll, { halfOpenAfter: 1_000, breaker: new ConsecutiveBreaker(2) }),
  )
const bucket = (): TokenBucket => once('bucket', () => new TokenBucket())

/** What programs keep in their modules: limiters, queues, breakers, caches. */
const ways: Readonly<Record<string, (send: Send) => Promise<unknown>>> = {
  'bottleneck, a limiter of the module': (send) => limiter().schedule({ expiration: 900 }, send),
  'p-queue, a queue of the module': (send) => queue().add(send),
  'opossum, a breaker of the module': (send) => breaker().fire(send),
  'cockatiel, a breaker of the module': (send) => policy().execute(() => within(send)),
  'a token bucket of the module': (send) =>
    bucket()
      .take()
      .then(() => within(send)),
  'a cache of the module whose entries expire': (send) => fromCache(send),
}

/** Each with several callers at once; `ports` would need real time of theirs. */
export const keptThings: readonly SilentSubject[] = Object.entries(ways).flatMap(([name, ask]) =>
  inBothModes({ name }, async ({ ports }) => {
    const send = ports.fn('work', async (): Promise<string> => 'done')
    const asks = Array.from({ length: 4 }, () => orGaveUp(ask(() => send())))
    return Promise.all(asks)
  }).filter(({ timers }) => timers === 'global'),
)

async function within(send: Send): Promise<unknown> {
  const late = sleepGlobally(1_000).then(() => {
    throw new Error('too late')
  })
  late.catch(() => {})
  const sent = send()
  sent.catch(() => {})
  return Promise.race([sent, late])
}

/** Three at once, and one more each 200 ms. */
class TokenBucket {
  #tokens = 3
  #filledAtMs = Date.now()

  async take(): Promise<void> {
    for (;;) {
      const nowMs = Date.now()
      const due = Math.floor((nowMs - this.#filledAtMs) / 200)
      if (due > 0) {
        this.#tokens = Math.min(3, this.#tokens + due)
        this.#filledAtMs += due * 200
      }
      if (this.#tokens > 0) {
        this.#tokens--
        return
      }
      await sleepGlobally(this.#filledAtMs + 200 - nowMs)
    }
  }
}

const cache = new Map<string, { readonly value: unknown; readonly untilMs: number }>()

async function fromCache(send: Send): Promise<unknown> {
  const known = cache.get('key')
  if (known !== undefined && known.untilMs > Date.now()) return known.value
  const value = await within(send)
  cache.set('key', { value, untilMs: Date.now() + 300 })
  await sleepGlobally(200)
  return value
}
