import { getEventListeners } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { cached, createEngine, createQuota, parallel, pipeline, step, withHooks } from 'shakedown'
import { expect, test } from 'vitest'
import { casesOf } from '../support/nightly.ts'

setFlagsFromString('--expose_gc')
const collect = runInNewContext('gc') as () => void

/** What an engine may keep after any number of runs. */
const HEAP_BYTES_MAX = 10 * 1024 * 1024

async function heapAfter(work: () => Promise<void>, times: number): Promise<number> {
  for (let n = 0; n < times; n++) await work()
  // What a run leaves to the turns after it is gone, too.
  await new Promise((resolve) => setImmediate(resolve))
  collect()
  return process.memoryUsage().heapUsed
}

test(
  'runs of all kinds leave nothing behind: neither memory nor listeners on a long-lived signal',
  { timeout: 600_000 },
  async () => {
    const { signal } = new AbortController()
    const quota = createQuota({ tokens: 1e12 })
    let runs = 0
    const node = withHooks(
      pipeline(
        'everything',
        cached(
          step('look up', (n: number) => ({ n, text: 'x'.repeat(1_000) })),
          { ttlMs: 1e6, max: 100 },
        ),
        step(
          'flaky',
          ({ n }: { n: number }, { attempt, meter, signal: mine, mark, context }) => {
            meter({ tokens: 1 })
            mark('here')
            context.append('seen', n)
            if (mine.aborted || attempt === 1) throw new Error('not yet')
            return n
          },
          { retries: 1, backoff: { baseMs: 0 }, timeoutMs: 60_000, estimate: { tokens: 1 } },
        ),
        parallel('both', {
          stream: step('stream', async function* (n: number) {
            yield n
          }),
          falls: step('falls', () => Promise.reject(new Error('out of ink'))).fallback(
            step('saved', () => 1),
          ),
        }),
      ),
      { preStep: () => {}, postRun: () => {} },
    )
    const engine = createEngine({ quota, log: { info: () => {}, warn: () => {} } })
    const work = async (): Promise<void> => {
      const result = await engine.run(node, runs++, { signal, context: { a: 1 } })
      if (!result.success) throw new Error(result.feedback ?? 'no reason')
    }
    const before = await heapAfter(work, 1_000)
    const after = await heapAfter(work, casesOf(3_000, 100_000))
    expect(after - before).toBeLessThan(HEAP_BYTES_MAX)
    expect(getEventListeners(signal, 'abort')).toEqual([])
    expect(quota).toMatchObject({ spent: { tokens: 2 * runs }, reserved: { tokens: 0 } })
  },
)
