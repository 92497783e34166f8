import Bottleneck from 'bottleneck'
import {
  bulkhead,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  fallback,
  handleAll,
  retry,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel'
import CircuitBreaker from 'opossum'
import PQueue from 'p-queue'
import pRetry from 'p-retry'
import pTimeout from 'p-timeout'
import { inBothModes, orGaveUp, type SilentSubject } from '../subject.ts'

const work = async (_options?: { signal: AbortSignal }): Promise<string> => 'done'

/** Libraries of policies around a function, each used as its own documentation says. */
export const policies: readonly SilentSubject[] = [
  ...inBothModes({ name: 'p-retry', abortable: true }, ({ ports, ms }) => {
    const send = ports.fn('work', work)
    return orGaveUp(
      pRetry(() => pTimeout(send(), { milliseconds: ms(1_000) }), {
        retries: 3,
        minTimeout: ms(100),
        randomize: true,
        signal: ports.signal,
      }),
    )
  }),
  ...inBothModes({ name: 'p-timeout with a fallback', abortable: true }, ({ ports, ms }) =>
    orGaveUp(
      pTimeout(ports.fn('work', work)(), {
        milliseconds: ms(500),
        fallback: () => 'from the cache',
        signal: ports.signal,
      }),
    ),
  ),
  ...inBothModes({ name: 'p-queue, two at a time' }, async ({ ports, ms }) => {
    const send = ports.fn('work', work)
    const queue = new PQueue({ concurrency: 2, timeout: ms(1_000) })
    return Promise.all(Array.from({ length: 5 }, () => orGaveUp(queue.add(() => send()))))
  }),
  ...inBothModes({ name: 'p-queue, two in an interval' }, async ({ ports, ms }) => {
    const send = ports.fn('work', work)
    const queue = new PQueue({ intervalCap: 2, interval: ms(200), timeout: ms(1_000) })
    for (let index = 0; index < 5; index++) queue.add(() => send()).catch(() => {})
    await queue.onIdle()
    return queue.size
  }),
  ...inBothModes({ name: 'cockatiel, all policies', abortable: true }, ({ ports, ms }) => {
    const send = ports.fn('work', work)
    const policy = wrap(
      fallback(handleAll, () => 'from the cache'),
      retry(handleAll, {
        maxAttempts: 3,
        backoff: new ExponentialBackoff({ initialDelay: ms(100), maxDelay: ms(1_000) }),
      }),
      circuitBreaker(handleAll, { halfOpenAfter: ms(300), breaker: new ConsecutiveBreaker(2) }),
      bulkhead(2, 2),
      timeout(ms(1_000), TimeoutStrategy.Aggressive),
    )
    return orGaveUp(policy.execute(({ signal }) => send({ signal }), ports.signal))
  }),
  ...inBothModes({ name: 'opossum with a fallback' }, async ({ ports, ms }) => {
    const breaker = new CircuitBreaker(ports.fn('work', work), {
      timeout: ms(500),
      errorThresholdPercentage: 50,
      resetTimeout: ms(1_000),
      volumeThreshold: 2,
    })
    breaker.fallback(() => 'from the cache')
    try {
      const answers: unknown[] = []
      for (let call = 0; call < 4; call++) answers.push(await orGaveUp(breaker.fire()))
      return answers
    } finally {
      breaker.shutdown()
    }
  }),
  ...inBothModes({ name: 'bottleneck with retries' }, async ({ ports, ms }) => {
    const send = ports.fn('work', work)
    const limiter = new Bottleneck({ maxConcurrent: 1, minTime: ms(100) })
    limiter.on('failed', (_error, { retryCount }) => (retryCount < 2 ? ms(50) : undefined))
    const jobs = Array.from({ length: 3 }, () =>
      orGaveUp(limiter.schedule({ expiration: ms(1_000) }, () => send())),
    )
    const answers = await Promise.all(jobs)
    await limiter.stop()
    return answers
  }),
]
