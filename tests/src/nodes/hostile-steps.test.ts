import { ConfigurationError, createEngine, memoryAudit, pipeline, step } from 'shakedown'
import { drain, drive, SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { runInSim } from '../../support/in-sim.ts'

const trap = (): object =>
  Object.defineProperty({}, 'x', {
    enumerable: true,
    get: () => {
      throw new Error('trap')
    },
  })

const unreadable = 'Expected plain data that can be copied, got a value whose part .x cannot be read: trap'

test('an input that cannot be copied is one clear error: nothing is called, retried or fallen back to', async () => {
  const { result, audit } = await runInSim(
    pipeline(
      'p',
      step('a', () => trap()),
      step('b', () => 1, { retries: 1 }).fallback(step('c', () => 2)),
    ),
    undefined,
  )
  expect(result).toMatchObject({
    status: 'failed',
    feedback: `Input of step 'b': ${unreadable}`,
    error: { code: 'E_INPUT' },
    attempts: 1,
    latencyMs: 0,
  })
  expect(audit.records.flatMap((record) => (record.kind === 'attempt' ? [record.path] : []))).toEqual(['p/a'])
  expect(audit.conservation()).toMatchObject({ ok: true, tokens: 1, outcomes: 1 })
})

test('a context value that cannot be copied fails the attempt, and nothing of it is committed', async () => {
  const writer = step('writer', (_: unknown, ctx) => {
    ctx.context.set('fine', 1)
    ctx.context.set('bad', trap())
  })
  const { result } = await runInSim(writer, undefined)
  expect(result).toMatchObject({
    status: 'failed',
    feedback: `Context key 'bad' of step 'writer': ${unreadable}`,
    error: { code: 'E_COPY' },
    context: {},
  })
})

test('a starting context that cannot be copied, and an unknown option, are the caller’s mistakes', async () => {
  const engine = createEngine()
  await expect(
    engine.run(
      step('a', () => 1),
      0,
      { context: { bad: trap() } },
    ),
  ).rejects.toThrow(ConfigurationError)
  await expect(
    engine.run(
      step('a', () => 1),
      0,
      { singal: 1 } as never,
    ),
  ).rejects.toThrow('Did you mean `signal`?')
})

test('what a later step writes into its input changes neither the history nor the caller’s object', async () => {
  const input = { n: 0 }
  const spoil = (name: string) =>
    step(name, (given: { n: number }) => {
      given.n += 1
      return given
    })
  const result = await createEngine().run(pipeline('p', spoil('a'), spoil('b')), input)
  expect(result.history.map(({ output }) => output)).toEqual([{ n: 1 }, { n: 2 }])
  expect(input).toEqual({ n: 0 })
})

test('history keeps the order things ran in, also under names that look like numbers', async () => {
  const { result } = await runInSim(
    pipeline(
      'p',
      step('2', () => 'two'),
      step('1', () => 'one'),
    ),
    undefined,
  )
  expect(result.history.map(({ name }) => name)).toEqual(['2', '1'])
})

test('a signal asked for after the attempt was given up is aborted already, and so is sleep', async () => {
  const seen: unknown[] = []
  const zombie = step(
    'zombie',
    async (_: unknown, ctx) => {
      await new Promise<void>((resolve) => ctx.clock.after(40, 'slow work', resolve))
      seen.push(ctx.signal.aborted)
      await ctx.sleep(50).catch((error: Error) => seen.push(error.name))
    },
    { timeoutMs: 10 },
  )
  await runInSim(zombie, undefined)
  expect(seen).toEqual([true, 'TimeoutError'])
})

test('an abort in the moment before a delay ends that, too', async () => {
  const controller = new AbortController()
  const retryIf = (): boolean => {
    controller.abort()
    return true
  }
  const { result, world } = await runInSim(
    step(
      'a',
      () => {
        throw new Error('no')
      },
      { retries: 1, retryIf, backoff: { baseMs: 300 } },
    ),
    undefined,
    { signal: controller.signal },
  )
  expect(result.status).toBe('cancelled')
  expect(world.clock.monotonicMs()).toBe(0)
})

test('meter and sleep can be taken out of the context', async () => {
  const { result } = await runInSim(
    step('a', async (_: unknown, { meter, sleep }) => {
      meter({ tokens: 3 })
      await sleep(5)
    }),
    undefined,
  )
  expect(result).toMatchObject({ status: 'completed', usage: { tokens: 3 }, latencyMs: 5 })
})

test('usage that no longer adds up to a number is refused', async () => {
  const { result } = await runInSim(
    step('a', (_: unknown, { meter }) => {
      meter({ costUsd: Number.MAX_VALUE })
      meter({ costUsd: Number.MAX_VALUE })
    }),
    undefined,
  )
  expect(result).toMatchObject({
    status: 'failed',
    error: { code: 'E_USAGE' },
    usage: { costUsd: Number.MAX_VALUE },
  })
})

test('what is metered after the attempt is over counts nothing, also in the abort listener', async () => {
  const { result, audit } = await runInSim(
    step(
      'late',
      (_: unknown, { meter, signal, clock }) => {
        meter({ tokens: 1 })
        signal.addEventListener('abort', () => meter({ tokens: 20 }))
        // Too late to be refused as well.
        signal.addEventListener('abort', () => meter({ tokens: Number.NaN }))
        return new Promise<void>((resolve) =>
          clock.after(50, 'late', () => {
            meter({ tokens: 300 })
            resolve()
          }),
        )
      },
      { timeoutMs: 10, retries: 1, backoff: { baseMs: 100 } },
    ),
    undefined,
  )
  expect(result.usage.tokens).toBe(2)
  expect(audit.records.flatMap((record) => (record.kind === 'attempt' ? [record.usage.tokens] : []))).toEqual(
    [1, 1],
  )
})

test('an output that comes late is not validated', async () => {
  const judged: unknown[] = []
  const { audit } = await runInSim(
    step(
      'late',
      (_: unknown, { clock }) => new Promise<number>((resolve) => clock.after(50, 'late', () => resolve(1))),
      {
        timeoutMs: 10,
        validate: (output) => {
          judged.push(output)
          return 'never good enough'
        },
      },
    ),
    undefined,
  )
  expect(judged).toEqual([])
  expect(audit.records.find((record) => record.kind === 'event')).toMatchObject({
    event: 'late',
    detail: { settled: 'returned' },
  })
})

test('a shared graph thirty levels deep, and a value whose getter throws, neither hang a run nor reject it', async () => {
  let shared: object = { leaf: true }
  for (let level = 0; level < 30; level++) shared = { left: shared, right: shared }
  const plain = await createEngine().run(
    step('echo', (given: object) => given),
    shared,
  )
  expect(plain.status).toBe('completed')
  const { result, audit } = await runInSim(
    step('thrower', (_: object) => trap()),
    shared,
  )
  expect(result.status).toBe('completed')
  expect(audit.conservation().ok).toBe(true)
  const refused = await createEngine({ audit: memoryAudit() }).run(
    step('echo', (given: object) => given),
    trap(),
  )
  expect(refused).toMatchObject({ status: 'failed', error: { code: 'E_INPUT' } })
}, 20_000)

test('what comes late to a closed store is let go, not an unhandled rejection', async () => {
  const world = new SimWorld()
  const audit = memoryAudit()
  const late = step(
    'late',
    (_: unknown, ctx) => new Promise<void>((resolve) => ctx.clock.after(500, 'late', resolve)),
    { timeoutMs: 10 },
  )
  await drive(world, createEngine({ world, audit }).run(late, undefined))
  await audit.close()
  await drain(world)
  expect(audit.conservation().ok).toBe(true)
})
