import { Readable } from 'node:stream'
import {
  type ChunkEvent,
  createEngine,
  memoryAudit,
  parallel,
  pipeline,
  type RunOptions,
  step,
  type StepOptions,
} from 'shakedown'
import { expect, test } from 'vitest'
import { drain, drive, SimWorld } from 'shakedown/harness'
import { runInSim } from '../../support/in-sim.ts'

async function* words(text: string): AsyncGenerator<string> {
  for (const word of text.split(' ')) yield word
}

/** Notes each chunk with its attempt. */
function noted(): { readonly seen: unknown[]; readonly onChunk: (event: ChunkEvent) => void } {
  const seen: unknown[] = []
  return { seen, onChunk: ({ attempt, index, chunk }) => void seen.push([attempt, index, chunk]) }
}

test('a stream is read to its end: its chunks are shown in order and their list is the output', async () => {
  const { seen, onChunk } = noted()
  const events: ChunkEvent[] = []
  const say = step('say', words, { onChunk })
  const result = await createEngine().run(
    pipeline(
      'p',
      say,
      step('count', (list) => list.length),
    ),
    'a b c',
    {
      runId: 'r',
      onChunk: (event) => void events.push(event),
    },
  )
  expect(seen).toEqual([
    [1, 0, 'a'],
    [1, 1, 'b'],
    [1, 2, 'c'],
  ])
  expect(events[2]).toEqual({ runId: 'r', path: 'p/say', step: 'say', attempt: 1, index: 2, chunk: 'c' })
  expect(result).toMatchObject({ output: 3, history: [{ output: ['a', 'b', 'c'] }, {}] })
})

test('`collect` makes the output of the chunks, and `validate` judges that', async () => {
  const judged: unknown[] = []
  const say = step('say', words, {
    collect: (chunks) => chunks.join('-'),
    validate: (text) => (judged.push(text), text.length > 2),
  })
  expect(await createEngine().run(say, 'a b')).toMatchObject({ output: 'a-b' })
  expect(await createEngine().run(say, 'a')).toMatchObject({
    success: false,
    feedback: 'Validation failed without feedback',
  })
  expect(judged).toEqual(['a-b', 'a'])
})

test.each([
  ['a promise of a stream', () => Promise.resolve(words('a b'))],
  ['a ReadableStream', () => ReadableStream.from(['a', 'b'])],
  ['a readable of Node', () => Readable.from(['a', 'b'])],
  ['any object with the method', () => ({ [Symbol.asyncIterator]: () => words('a b') })],
])('%s is a stream, also where a step can be interrupted', async (_, run) => {
  for (const options of [{}, { timeoutMs: 10_000 }] satisfies StepOptions<string[]>[]) {
    const node = step('s', run as () => AsyncIterable<string>, options)
    expect(await createEngine().run(node, 0)).toMatchObject({ output: ['a', 'b'] })
  }
})

test('a stream inside an object is data, and handed on unread', async () => {
  const node = pipeline(
    'p',
    step('open', () => ({ stream: words('a b') })),
    step('read', async ({ stream }) => (await stream.next()).value as unknown),
  )
  expect(await createEngine().run(node, 0)).toMatchObject({ output: 'a' })
})

test('an error in mid-stream fails the attempt; the chunks of the next attempt say so, and the trail has what the first gave', async () => {
  const { seen, onChunk } = noted()
  const audit = memoryAudit()
  const flaky = step(
    'flaky',
    async function* (_: number, { attempt }) {
      yield 'a'
      yield 'b'
      if (attempt === 1) throw new Error('connection lost')
      yield 'c'
    },
    { retries: 1, backoff: { baseMs: 0 } },
  )
  const result = await createEngine({ audit }).run(flaky, 0, { onChunk, runId: 'r' })
  expect(result).toMatchObject({ output: ['a', 'b', 'c'], attempts: 2 })
  expect(seen).toEqual([
    [1, 0, 'a'],
    [1, 1, 'b'],
    [2, 0, 'a'],
    [2, 1, 'b'],
    [2, 2, 'c'],
  ])
  expect(audit.trail('r')!.attemptRows).toMatchObject([
    { status: 'failed', output: { json: '["a","b"]' } },
    { status: 'completed', output: { json: '["a","b","c"]' } },
  ])
})

/** A stream that notes how it was ended. */
function endless(returned: string[]): () => AsyncIterable<number> {
  return () => {
    let n = 0
    return {
      [Symbol.asyncIterator]: () => ({
        next: () => (n < 2 ? Promise.resolve({ done: false, value: n++ }) : new Promise<never>(() => {})),
        return: () => {
          returned.push('returned')
          return Promise.reject(new Error('cannot close'))
        },
      }),
    }
  }
}

test('a timeout ends the stream: it is told so, no further chunk is shown, and its trouble with that hurts nobody', async () => {
  const returned: string[] = []
  const { seen, onChunk } = noted()
  const node = step('slow', endless(returned), { timeoutMs: 50, onChunk })
  const { result, audit } = await runInSim(node, 0)
  expect(result).toMatchObject({ status: 'failed', error: { name: 'TimeoutError' } })
  expect(returned).toEqual(['returned'])
  expect(seen).toHaveLength(2)
  expect(audit.records).toContainEqual(
    expect.objectContaining({ kind: 'attempt', status: 'failed', output: [0, 1] }),
  )
})

test('an abort ends the stream, also in a branch', async () => {
  const returned: string[] = []
  const node = parallel(
    'both',
    {
      slow: step('slow', endless(returned)),
      fails: step('fails', async (_: unknown, ctx) => {
        await ctx.sleep(10)
        throw new Error('out of ink')
      }),
    },
    { settleMs: 0 },
  )
  const { result } = await runInSim(node, 0)
  expect(result).toMatchObject({ status: 'failed', children: { slow: { status: 'cancelled' } } })
  expect(returned).toEqual(['returned'])
})

test('chunks that come after the attempt was given up are shown to nobody', async () => {
  const world = new SimWorld()
  const { seen, onChunk } = noted()
  const node = step(
    'deaf',
    async function* (_: number, { clock }) {
      for (let n = 0; n < 4; n++) {
        await new Promise<void>((resolve) => void clock.after(20, 'chunk', resolve))
        yield n
      }
    },
    { timeoutMs: 50, onChunk },
  )
  const running = createEngine({ world }).run(node, 0)
  await drive(world, running)
  await drain(world)
  expect(await running).toMatchObject({ status: 'failed' })
  expect(seen).toEqual([
    [1, 0, 0],
    [1, 1, 1],
  ])
})

test('a stream that comes after the attempt was given up is ended unread', async () => {
  let ended = 0
  const iterator = { next: () => Promise.reject(new Error('read')), return: () => Promise.resolve(++ended) }
  const late = step(
    'late',
    (_: number, { clock }) =>
      new Promise(
        (resolve) => void clock.after(20, 'late', () => resolve({ [Symbol.asyncIterator]: () => iterator })),
      ),
    { timeoutMs: 10 },
  )
  const { audit } = await runInSim(late, 0)
  expect(ended).toBe(1)
  const events = audit.records.flatMap((record) =>
    record.kind === 'event' ? [record.detail['settled']] : [],
  )
  expect(events).toEqual(['returned'])
})

test('a slow watcher holds the stream back, and one that throws changes nothing', async () => {
  const order: string[] = []
  const node = step(
    's',
    async function* () {
      for (const n of ['a', 'b']) {
        order.push(`gives ${n}`)
        yield n
      }
    },
    {
      onChunk: async ({ chunk }) => {
        await new Promise((resolve) => setImmediate(resolve))
        order.push(`shown ${chunk}`)
        throw new Error('no printer')
      },
    },
  )
  const audit = memoryAudit()
  expect(await createEngine({ audit }).run(node, 0, { runId: 'r' })).toMatchObject({ output: ['a', 'b'] })
  expect(order).toEqual(['gives a', 'shown a', 'gives b', 'shown b'])
  expect(audit.trail('r')!.eventRows.map(({ event, detail }) => [event, detail])).toEqual([
    ['hook_error', { hook: 'onChunk', attempt: 1, error: 'no printer' }],
    ['hook_error', { hook: 'onChunk', attempt: 1, error: 'no printer' }],
  ])
})

test('a buffer that is filled again and again is kept as it was each time', async () => {
  const node = step('s', async function* () {
    const buffer = new Uint8Array(1)
    for (let n = 1; n <= 3; n++) {
      buffer[0] = n
      yield buffer
    }
  })
  expect((await createEngine().run(node, 0)).output).toEqual([1, 2, 3].map((n) => Uint8Array.of(n)))
})

test.each([
  ['100000 chunks', 'x'],
  ['67108864 bytes', 'x'.repeat(2 ** 20)],
])('a stream that gives more than %s is ended and fails its step, once', async (limit, chunk) => {
  let ended = 0
  const node = step(
    'flood',
    async function* () {
      try {
        for (;;) yield chunk
      } finally {
        ended++
      }
    },
    { retries: 3 },
  )
  const result = await createEngine().run(node, 0)
  expect(result).toMatchObject({ status: 'failed', attempts: 1, error: { code: 'E_STREAM' } })
  expect(result.feedback).toBe(
    `The stream of step 'flood' gave more than ${limit}, which is the most that is kept.`,
  )
  expect(ended).toBe(1)
})

test.each([
  [
    'throws when it begins',
    {
      [Symbol.asyncIterator]: () => {
        throw new Error('closed')
      },
    },
    'closed',
  ],
  ['gives no iterator', { [Symbol.asyncIterator]: () => undefined }, 'undefined'],
  ['gives no results', { [Symbol.asyncIterator]: () => ({ next: () => undefined }) }, 'undefined'],
])('a stream that %s fails its attempt', async (_, stream, message) => {
  const result = await createEngine().run(
    step('s', () => stream as unknown as AsyncIterable<number>),
    0,
  )
  expect(result.status).toBe('failed')
  expect(result.feedback).toContain(message)
})

test('options that can never work are refused', async () => {
  expect(() => step('s', words, { onChunk: 5 as never })).toThrow(
    "Expected `onChunk` of step 's' to be valid: expected a function; got 5.",
  )
  const options: RunOptions = { onChunk: 'print' as never }
  await expect(createEngine().run(step('s', words), 'a', options)).rejects.toThrow(
    'Expected `onChunk` of engine.run',
  )
})
