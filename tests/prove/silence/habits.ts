import { setTimeout as sleepByPromise, scheduler } from 'node:timers/promises'
import { randomUUID } from 'node:crypto'
import { retrying, type SilentSubject, sleepGlobally } from '../libraries/subject.ts'

const work = async (): Promise<string> => 'done'
const cache = new Map<string, string>()
let calls = 0

/** What correct code does with time, randomness and memory. */
export const habits: readonly SilentSubject[] = [
  {
    name: 'jitter from Math.random',
    timers: 'global',
    run: (_input, ports) => retrying(ports.fn('work', work), sleepGlobally, Math.random),
  },
  {
    name: 'jitter from Math.random',
    timers: 'ports',
    run: (_input, ports) => retrying(ports.fn('work', work), ports.clock.sleep, Math.random),
  },
  {
    name: 'an id for each request',
    timers: 'global',
    run: (_input, ports) => {
      const send = ports.fn('work', async (id: string) => id.length)
      return retrying(() => send(randomUUID() + crypto.randomUUID()), sleepGlobally)
    },
  },
  {
    name: 'a cache in the module',
    timers: 'global',
    run: async (_input, ports) => {
      const known = cache.get('key')
      if (known !== undefined) return known
      const fresh = await retrying(ports.fn('work', work), sleepGlobally)
      cache.set('key', fresh)
      return fresh
    },
  },
  {
    name: 'a counter in the module',
    timers: 'ports',
    run: async (_input, ports) => {
      calls++
      return retrying(ports.fn('work', work), (ms) => ports.clock.sleep(ms + (calls % 7)))
    },
  },
  {
    name: 'a heartbeat of 50 ms under a limit of 600 s',
    timers: 'global',
    run: async (_input, ports) => {
      const heartbeat = setInterval(() => {}, 50)
      try {
        const limit = sleepGlobally(600_000)
        const called = ports.fn('work', work)()
        called.catch(() => {})
        return await Promise.race([called, limit]).catch(() => 'failed')
      } finally {
        clearInterval(heartbeat)
      }
    },
  },
  {
    name: 'AbortSignal.timeout',
    timers: 'global',
    run: (_input, ports) => retrying(() => aborting(ports.fn('work', work)), sleepGlobally),
  },
  {
    name: 'AbortSignal.timeout',
    timers: 'ports',
    run: (_input, ports) => aborting(ports.fn('work', work)).catch(() => 'gave up'),
  },
  {
    name: 'timers/promises',
    timers: 'global',
    run: (_input, ports) => retrying(ports.fn('work', work), sleepByPromise),
  },
  {
    name: 'scheduler.wait',
    timers: 'global',
    run: (_input, ports) => retrying(ports.fn('work', work), (ms) => scheduler.wait(ms)),
  },
  {
    name: 'a deadline by performance.now',
    timers: 'global',
    run: async (_input, ports) => {
      const send = ports.fn('work', work)
      const deadlineMs = performance.now() + 5_000
      while (performance.now() < deadlineMs) {
        const answer = await retrying(send, sleepGlobally)
        if (answer !== 'gave up') return answer
        await sleepGlobally(1_000)
      }
      return 'gave up'
    },
  },
  {
    name: 'plain retries',
    timers: 'ports',
    run: (_input, ports) => retrying(ports.fn('work', work), ports.clock.sleep),
  },
  {
    name: 'a synchronous call',
    timers: 'global',
    synchronous: true,
    run: (_input, ports) => {
      const read = ports.fn('work', () => 'value')
      try {
        return read()
      } catch {
        return 'none'
      }
    },
  },
]

/** Gives up waiting, with the platform's own signal. */
async function aborting<T>(call: () => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(50)
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  aborted.catch(() => {})
  const called = call()
  called.catch(() => {})
  return Promise.race([called, aborted])
}
