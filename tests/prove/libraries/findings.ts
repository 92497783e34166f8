import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Bottleneck from 'bottleneck'
import { ConstantBackoff, handleAll, retry } from 'cockatiel'
import { ofetch } from 'ofetch'

/**
 * Something that is really wrong with a library at its newest: the alarms on it are right. Three at most, each reproduced
 * in real time without this project, against what the library's own documentation promises.
 */
export interface Finding {
  readonly library: string
  readonly says: string
  /** What the documentation promises, word for word. */
  readonly promise: string
  readonly link: string
  /** Which alarms are meant: the name of the subject, and what is said of it. */
  readonly subject: RegExp
  readonly alarm: RegExp
  /** Whether it still is so, found out in real time. */
  readonly reproduce: () => Promise<boolean>
}

const sleep = (ms: number): Promise<'later'> => new Promise((resolve) => setTimeout(resolve, ms, 'later'))

export const findings: readonly Finding[] = [
  {
    library: 'ofetch 1.5',
    says: '`timeout` is ignored when a `signal` is given, and in each retry, which is given the signal of the attempt before: a request that is never answered is waited for for ever.',
    promise:
      'You can specify `timeout` in milliseconds to automatically abort a request after a timeout (default is disabled).',
    link: 'https://github.com/unjs/ofetch#%EF%B8%8F-timeout',
    subject: /^ofetch on ports\.fetch/,
    alarm: /never settled|settled at/,
    async reproduce() {
      const server = createServer(() => {}).listen(0, '127.0.0.1')
      await once(server, 'listening')
      const { port } = server.address() as AddressInfo
      const leave = new AbortController()
      const asked = ofetch(`http://127.0.0.1:${port}/`, { timeout: 50, retry: 0, signal: leave.signal })
      const ended = await Promise.race([asked.catch(() => 'in time'), sleep(500)])
      leave.abort()
      server.close()
      server.closeAllConnections()
      return ended === 'later'
    },
  },
  {
    library: 'bottleneck 2.19',
    says: 'A job that has expired, waits to be retried and ends meanwhile leaves a rejection that nobody can handle.',
    promise:
      'The number of milliseconds a job is given to complete. Jobs that execute for longer than `expiration` ms will be failed with a `BottleneckError`.',
    link: 'https://github.com/SGrondin/bottleneck#job-options',
    subject: /^bottleneck/,
    alarm: /Invalid job status null, expected EXECUTING/,
    async reproduce() {
      const unhandled: unknown[] = []
      const collect = (reason: unknown): unknown => unhandled.push(reason)
      process.on('unhandledRejection', collect)
      const limiter = new Bottleneck({ maxConcurrent: 1 })
      limiter.on('failed', (_error, { retryCount }) => (retryCount < 2 ? 20 : undefined))
      await limiter.schedule({ expiration: 50 }, () => sleep(55)).catch(() => {})
      await sleep(200)
      process.off('unhandledRejection', collect)
      return unhandled.length > 0
    },
  },
  {
    library: 'cockatiel 4.0',
    says: 'A retry whose signal aborts during the back-off waits until that is over before it gives the last error.',
    promise:
      "If the function doesn't succeed before the backoff ceases or cancellation is requested, the last error thrown will be bubbled up.",
    link: 'https://github.com/connor4312/cockatiel#retryexecutefn-signal',
    subject: /^cockatiel/,
    alarm: /as its caller left at \d+ ms and no call was under way; it settled at/,
    async reproduce() {
      const policy = retry(handleAll, { maxAttempts: 3, backoff: new ConstantBackoff(500) })
      const leave = new AbortController()
      const asked = policy.execute(() => Promise.reject(new Error('no')), leave.signal)
      setTimeout(() => leave.abort(), 50)
      return (await Promise.race([asked.catch(() => 'at once'), sleep(300)])) === 'later'
    },
  },
]
