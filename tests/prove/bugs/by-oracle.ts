import { axios } from '../libraries/axios.ts'
import { type Bug, bug, orGaveUp, work } from './bug.ts'

/** What the modules export, as far as it is used here. Their own types differ from version to version. */
interface PTimeout {
  default<T>(promise: Promise<T>, options: { milliseconds: number; signal?: AbortSignal }): Promise<T>
}
interface PQueue {
  default: new (options: { interval?: number; intervalCap?: number; concurrency?: number }) => {
    add<T>(task: () => Promise<T>, options?: { signal?: AbortSignal }): Promise<T>
  }
}
interface PWaitFor {
  default(condition: () => Promise<boolean>, options: { interval: number; timeout: number }): Promise<void>
}
interface PRetry {
  default<T>(
    call: () => Promise<T>,
    options: { retries?: number; minTimeout?: number; signal?: AbortSignal },
  ): Promise<T>
}
interface PMap {
  default<T, R>(
    items: readonly Promise<T>[],
    mapper: (item: T) => Promise<R>,
    options: { concurrency: number },
  ): Promise<R[]>
}
interface Ky {
  default(url: string, options: object): { json(): Promise<unknown> }
}
interface AxiosRetry {
  default(client: unknown, options: { retries: number; retryDelay: () => number }): void
}
interface FetchRetry {
  default(fetched: typeof fetch): (url: string, options: object) => Promise<Response>
}
interface Cockatiel {
  bulkhead(limit: number, queue: number): Policy
}
interface Policy {
  execute<T>(call: (context: { signal: AbortSignal }) => Promise<T>, signal?: AbortSignal): Promise<T>
}
interface Ofetch {
  createFetch(globals: object): (url: string, options: object) => Promise<unknown>
}
interface Ai {
  generateText(options: object): Promise<{ text: string }>
  APICallError: new (options: object) => Error
}

const NOTHING_WRITTEN = { by: 'no expectation' } as const
const URL = 'http://127.0.0.1:9/orders'

/** Found without a word on what is to come out. */
export const byOracle: readonly Bug[] = [
  bug<PTimeout>(
    {
      ...NOTHING_WRITTEN,
      alias: 'p-timeout-43',
      says: 'With a signal, a promise that rejects is left unhandled a second time.',
      link: 'https://github.com/sindresorhus/p-timeout/issues/43',
    },
    ({ default: pTimeout }, { fn, signal }) =>
      orGaveUp(pTimeout(fn('work', work)(), { milliseconds: 500, signal })),
    (draft) => draft.on('fn:work', 'reject(ECONNRESET)'),
  ),
  bug<PQueue>(
    {
      ...NOTHING_WRITTEN,
      alias: 'p-queue-241',
      says: 'A task that is aborted while it is queued stays in the queue, and its caller waits on.',
      link: 'https://github.com/sindresorhus/p-queue/issues/241',
    },
    async ({ default: Queue }, { fn, signal }) => {
      const send = fn('work', work)
      const queue = new Queue({ interval: 10_000, intervalCap: 1 })
      await queue.add(() => send())
      return queue.add(() => send(), { signal })
    },
    (draft) => draft.on('fn:work', 'off').abort(50),
  ),
  bug<PWaitFor>(
    {
      ...NOTHING_WRITTEN,
      alias: 'p-wait-for-27',
      says: 'When its time is up while the condition is being asked, it goes on asking for ever.',
      link: 'https://github.com/sindresorhus/p-wait-for/issues/27',
    },
    ({ default: waitFor }, { fn }) => {
      const isReady = fn('isReady', async () => false)
      return orGaveUp(waitFor(() => isReady(), { interval: 100, timeout: 1_000 }))
    },
    (draft) => draft.on('fn:isReady', 'inf*late(300)'),
  ),
  bug<PRetry>(
    {
      ...NOTHING_WRITTEN,
      alias: 'p-retry-97',
      says: 'When its signal aborts during an attempt, it waits until the next would be due before it stops.',
      link: 'https://github.com/sindresorhus/p-retry/issues/97',
    },
    ({ default: retry }, { fn, signal }) => {
      const send = fn('work', work)
      return retry(() => send({ signal }), { minTimeout: 10_000, signal })
    },
    (draft) => draft.on('fn:work', 'delay(5s)').abort(1_000),
  ),
  bug<PMap>(
    {
      ...NOTHING_WRITTEN,
      alias: 'p-map-40',
      says: 'After an error has stopped it, it goes on with an item that was still being loaded.',
      link: 'https://github.com/sindresorhus/p-map/pull/40',
    },
    ({ default: map }, { fn }) => {
      const load = fn('load', work)
      const send = fn('work', work)
      return orGaveUp(map([load(1), load(2), load(3)], (item) => send(item), { concurrency: 2 }))
    },
    (draft) => draft.on('fn:load', 'off->delay(300)').on('fn:work', 'reject(ECONNRESET)@100'),
  ),
  bug<Ky>(
    {
      ...NOTHING_WRITTEN,
      alias: 'ky-663',
      says: 'A request whose signal has aborted before it begins is sent all the same.',
      link: 'https://github.com/sindresorhus/ky/pull/663',
    },
    async ({ default: ky }, { fetch, fn, signal }) => {
      const save = fn('save', work)
      const pages: unknown[] = []
      for (let page = 1; page <= 2; page++) {
        pages.push(await ky(`${URL}?page=${page}`, { fetch, signal }).json())
        await save(page)
      }
      return pages
    },
    (draft) =>
      draft.on('http:GET /orders', 'inf*status(200, body=[])').on('fn:save', 'late(100)->off').abort(50),
  ),
  bug<AxiosRetry>(
    {
      ...NOTHING_WRITTEN,
      alias: 'axios-retry-268',
      says: 'A request that is aborted while it waits to be retried waits on.',
      link: 'https://github.com/softonic/axios-retry/pull/268',
    },
    ({ default: axiosRetry }, { signal }) => {
      const client = axios.create()
      axiosRetry(client, { retries: 3, retryDelay: () => 10_000 })
      return client.get(URL, { signal }).then(({ data }) => data as unknown)
    },
    (draft) => draft.http('nock').on('http:GET /orders', 'inf*reset').abort({ during: 'backoff' }),
  ),
  bug<FetchRetry>(
    {
      ...NOTHING_WRITTEN,
      alias: 'fetch-retry-29',
      says: 'With an async `retryOn` it retries for ever, because a promise counts as yes.',
      link: 'https://github.com/jonbern/fetch-retry/issues/29',
    },
    ({ default: fetchRetry }, { fetch }) =>
      fetchRetry(fetch)(URL, {
        retryDelay: 100,
        retryOn: async (attempt: number, _error: unknown, response: Response | null) =>
          attempt < 3 && response?.status === 503,
      }).then(({ status }) => status),
    (draft) => draft.on('http:GET /orders', 'status(503)->inf*status(200)'),
  ),
  bug<Cockatiel>(
    {
      ...NOTHING_WRITTEN,
      alias: 'cockatiel-112',
      says: 'A queued execution that is aborted keeps its place, and what waits after it never runs.',
      link: 'https://github.com/connor4312/cockatiel/pull/114',
    },
    ({ bulkhead }, { fn }) => {
      const send = fn('work', work)
      const policy = bulkhead(1, 2)
      const first = policy.execute(() => send())
      const second = orGaveUp(policy.execute(() => send(), AbortSignal.timeout(50)))
      const third = policy.execute(() => send())
      return Promise.all([first, second, third])
    },
    (draft) => draft.on('fn:work', 'delay(200)->off'),
  ),
  bug<Ofetch>(
    {
      ...NOTHING_WRITTEN,
      alias: 'ofetch-508',
      says: 'With a signal, `timeout` is ignored, and a request that is never answered is waited for for ever.',
      link: 'https://github.com/unjs/ofetch/pull/508',
    },
    ({ createFetch }, { fetch, signal }) => {
      const send = createFetch({ fetch, Headers, AbortController })
      return orGaveUp(send(URL, { timeout: 1_000, retry: 0, signal }))
    },
    (draft) => draft.on('http:GET /orders', 'hang'),
  ),
  bug<Ai>(
    {
      ...NOTHING_WRITTEN,
      alias: 'ai-7656',
      says: 'An abort during the wait for a retry is not heard until the wait is over.',
      link: 'https://github.com/vercel/ai/issues/7656',
    },
    async ({ generateText, APICallError }, { fn, signal }) => {
      const ask = fn('work', work)
      const refused = { message: 'overloaded', url: URL, requestBodyValues: {}, isRetryable: true }
      const model = {
        specificationVersion: 'v2',
        provider: 'a provider',
        modelId: 'a model',
        supportedUrls: {},
        doGenerate: () =>
          ask().catch(() => {
            throw new APICallError(refused)
          }),
      }
      const { text } = await generateText({ model, prompt: 'What does the tide do?', abortSignal: signal })
      return text
    },
    (draft) => draft.on('fn:work', 'inf*reject("overloaded")').abort({ during: 'backoff' }),
  ),
]
