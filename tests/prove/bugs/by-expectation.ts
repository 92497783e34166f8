import { type Bug, bug, orGaveUp, work } from './bug.ts'

interface Breaker<A extends readonly unknown[]> {
  fire(...args: A): Promise<unknown>
  fallback(call: (...args: readonly unknown[]) => unknown): void
}
interface Opossum {
  default: OpossumExport
}
/** A factory in the older versions, a class in the newer ones. */
type OpossumExport = new <A extends readonly unknown[]>(
  action: (...args: A) => Promise<unknown>,
  options: object,
) => Breaker<A>
interface Ky {
  default(url: string, options: object): { json(): Promise<unknown> }
}
interface PQueue {
  default: new (options: { interval: number; intervalCap: number }) => {
    add<T>(task: () => Promise<T>): Promise<T>
    onIdle(): Promise<void>
  }
}
interface PRetry {
  default<T>(call: () => Promise<T>, options: object): Promise<T>
}

const EXPECTED = { by: 'an expectation' } as const
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Found by what anyone would write who uses the library. */
export const byExpectation: readonly Bug[] = [
  bug<Opossum>(
    {
      ...EXPECTED,
      alias: 'opossum-385',
      says: 'After failures at one moment the breaker never lets a trial through again.',
      link: 'https://github.com/nodeshift/opossum/issues/385',
    },
    async ({ default: CircuitBreaker }, { fn }) => {
      const breaker = made(CircuitBreaker, fn('work', work), {
        timeout: 5_000,
        resetTimeout: 1_000,
        errorThresholdPercentage: 1,
      })
      await Promise.all([1, 2, 3].map(() => orGaveUp(breaker.fire())))
      await sleep(2_000)
      return orGaveUp(breaker.fire())
    },
    (draft) => draft.on('fn:work', '3*reject@50->off').expect({ output: 'done' }),
  ),
  bug<Opossum>(
    {
      ...EXPECTED,
      alias: 'opossum-389',
      says: 'A trial that fails with an error that does not count leaves the breaker half open for ever.',
      link: 'https://github.com/nodeshift/opossum/pull/389',
    },
    async ({ default: CircuitBreaker }, { fn }) => {
      const breaker = made(CircuitBreaker, fn('work', work), {
        resetTimeout: 1_000,
        errorThresholdPercentage: 1,
        errorFilter: ({ code }: { code?: string }) => code === 'ENOENT',
      })
      await orGaveUp(breaker.fire())
      await sleep(2_000)
      await orGaveUp(breaker.fire())
      return orGaveUp(breaker.fire())
    },
    (draft) => draft.on('fn:work', 'reject(ECONNRESET)->reject(ENOENT)->off').expect({ output: 'done' }),
  ),
  bug<Opossum>(
    {
      ...EXPECTED,
      alias: 'opossum-198',
      says: 'An action that fails after its time was up is answered by the fallback twice.',
      link: 'https://github.com/nodeshift/opossum/issues/198',
    },
    async ({ default: CircuitBreaker }, { fn }) => {
      const breaker = made(CircuitBreaker, fn('work', work), { timeout: 100 })
      breaker.fallback(fn('fallback', async () => 'from the cache'))
      const answer = await breaker.fire()
      await sleep(1_000)
      return answer
    },
    (draft) => draft.on('fn:work', 'lateReject(200)').expect({ calls: { 'fn:fallback': 1 } }),
  ),
  bug<Ky>(
    {
      ...EXPECTED,
      alias: 'ky-547',
      says: 'It retries once less often than `retry` says.',
      link: 'https://github.com/sindresorhus/ky/pull/547',
    },
    ({ default: ky }, { fetch }) => ky('http://127.0.0.1:9/orders', { fetch, retry: 2 }).json(),
    (draft) =>
      draft
        .on('http:GET /orders', '2*status(503)->status(200, body={"id":7})')
        .expect({ status: 'completed', output: { id: 7 } }),
  ),
  bug<PQueue>(
    {
      ...EXPECTED,
      alias: 'p-queue-251',
      says: 'A task in a fresh window is held back as if the window before were still full.',
      link: 'https://github.com/sindresorhus/p-queue/issues/251',
    },
    async ({ default: Queue }, { fn }) => {
      const send = fn('work', work)
      const queue = new Queue({ intervalCap: 2, interval: 1_000 })
      void queue.add(() => send())
      await sleep(600)
      void queue.add(() => send())
      await queue.onIdle()
      await sleep(500)
      await queue.add(() => send())
    },
    (draft) => draft.on('fn:work', 'off').expect({ virtualMs: 1_100 }),
  ),
  bug<PRetry>(
    {
      ...EXPECTED,
      alias: 'p-retry-82',
      says: 'An option that is there but undefined replaces the error with a TypeError, and nothing is retried.',
      link: 'https://github.com/sindresorhus/p-retry/pull/82',
    },
    ({ default: retry }, { fn }) => {
      const send = fn('work', work)
      return retry(() => send(), { retries: 3, onFailedAttempt: undefined })
    },
    (draft) => draft.on('fn:work', '2*reject(ECONNRESET)->off').expect({ calls: { 'fn:work': 3 } }),
  ),
]

/** A breaker, whichever way the version makes one. */
function made<A extends readonly unknown[]>(
  exported: OpossumExport,
  action: (...args: A) => Promise<unknown>,
  options: object,
): Breaker<A> {
  const isClass = String(exported).startsWith('class')
  if (isClass) return new exported(action, options)
  return (exported as unknown as (action: unknown, options: object) => Breaker<A>)(action, options)
}
