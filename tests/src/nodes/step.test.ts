import { ConfigurationError, createEngine, step, TimeoutError, UsageError } from 'shakedown'
import { drain, drive, SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { failing, runInSim } from '../../support/in-sim.ts'

test('a step that succeeds gives its output, and nothing to complain about', async () => {
  const { result } = await runInSim(
    step('double', (n: number) => n * 2),
    21,
  )
  expect(result).toMatchObject({
    status: 'completed',
    success: true,
    output: 42,
    feedback: null,
    error: null,
    attempts: 1,
    path: 'double',
  })
})

test('retries: n means at most 1 + n attempts', async () => {
  const { result, audit } = await runInSim(step('never', failing(9, 0), { retries: 2 }), undefined)
  expect(result).toMatchObject({ status: 'failed', attempts: 3, output: undefined, feedback: 'not yet' })
  expect(audit.records.filter((record) => record.kind === 'attempt')).toHaveLength(3)
})

test('delays grow by the factor, up to the cap, and there is none after the last attempt', async () => {
  const backoff = { baseMs: 100, factor: 3, maxDelayMs: 500 }
  const { audit, world } = await runInSim(step('never', failing(9, 0), { retries: 3, backoff }), undefined)
  const delays = audit.records.flatMap((record) => (record.kind === 'attempt' ? [record.delayMs] : []))
  expect(delays).toEqual([0, 100, 300, 500])
  expect(world.clock.monotonicMs()).toBe(900)
})

test.for(['full', 'equal'] as const)(
  '%s jitter stays within its bounds and repeats under one seed',
  async (jitter) => {
    const node = step('never', () => Promise.reject(new Error('no')), {
      retries: 20,
      backoff: { baseMs: 100, factor: 1, jitter },
    })
    const once = async (): Promise<number[]> => {
      const { audit } = await runInSim(node, undefined, {}, new SimWorld({ seed: 5 }))
      return audit.records.flatMap((record) =>
        record.kind === 'attempt' && record.attempt > 1 ? [record.delayMs] : [],
      )
    }
    const delays = await once()
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(jitter === 'full' ? 0 : 50)
    expect(Math.max(...delays)).toBeLessThanOrEqual(100)
    expect(new Set(delays).size).toBeGreaterThan(10)
    expect(await once()).toEqual(delays)
  },
)

test('an error that carries retryAfterMs lengthens the next delay', async () => {
  const busy = (): Error => Object.assign(new Error('busy'), { retryAfterMs: 5_000 })
  const { world, result } = await runInSim(step('polite', failing(1, 'ok', busy), { retries: 1 }), undefined)
  expect(result.output).toBe('ok')
  expect(world.clock.monotonicMs()).toBe(5_000)
})

test.for([
  ['seconds', () => ({ headers: { 'retry-after': '7' } }), 7_000],
  [
    'an HTTP date',
    () => ({ response: { headers: new Headers({ 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' }) } }),
    9_000,
  ],
  ['nonsense', () => ({ headers: { 'retry-after': 'soon' } }), 100],
] as const)('a Retry-After of %s is understood', async ([, extra, delayMs]) => {
  const { world } = await runInSim(
    step(
      'polite',
      failing(1, 'ok', () => Object.assign(new Error('busy'), extra())),
      { retries: 1 },
    ),
    undefined,
  )
  expect(world.clock.monotonicMs()).toBe(delayMs)
})

test('retryIf decides, and errors marked retryable: false are not retried', async () => {
  const picky = step('picky', failing(9, 0), { retries: 5, retryIf: () => false })
  expect((await runInSim(picky, undefined)).result.attempts).toBe(1)
  const final = step(
    'final',
    failing(9, 0, () => Object.assign(new Error('gone'), { retryable: false })),
    { retries: 5 },
  )
  expect((await runInSim(final, undefined)).result.attempts).toBe(1)
})

test('an attempt that outlives its timeout fails with a TimeoutError, even if it ignores its signal', async () => {
  let aborted: unknown
  const slow = step(
    'slow',
    (_: undefined, ctx) => {
      ctx.signal.addEventListener('abort', () => (aborted = ctx.signal.reason))
      return new Promise<never>(() => {})
    },
    { timeoutMs: 50 },
  )
  const { result, world } = await runInSim(slow, undefined)
  expect(result).toMatchObject({
    status: 'failed',
    error: { name: 'TimeoutError', code: 'E_TIMEOUT' },
    latencyMs: 50,
  })
  expect(world.clock.monotonicMs()).toBe(50)
  expect(aborted).toBeInstanceOf(TimeoutError)
})

test('the timeout holds for each attempt, not for all of them', async () => {
  const slow = step('slow', (_: undefined, ctx) => ctx.sleep(80), {
    timeoutMs: 50,
    retries: 1,
    backoff: { baseMs: 10 },
  })
  const { result } = await runInSim(slow, undefined)
  expect(result).toMatchObject({ attempts: 2, latencyMs: 110 })
})

test('an attempt that settles after its timeout is noted as late and changes nothing', async () => {
  const late = step(
    'late',
    async (_: undefined, ctx) => {
      await new Promise<void>((resolve) => ctx.clock.after(500, 'late', resolve))
      ctx.meter({ tokens: 99 })
      ctx.context.set('late', true)
      return 'too late'
    },
    { timeoutMs: 50 },
  )
  const { result, audit } = await runInSim(late, undefined)
  expect(result).toMatchObject({ status: 'failed', usage: { tokens: 0 }, context: {} })
  const event = audit.records.find((record) => record.kind === 'event')
  expect(event).toMatchObject({
    event: 'late',
    atMs: 500,
    detail: { step: 'late', attempt: 1, settled: 'returned' },
  })
})

test('a rejected output is a failed attempt with the validator’s feedback', async () => {
  const short = step('short', failing(0, 'ab'), {
    retries: 1,
    validate: (text) => text.length > 2 || 'too short',
  })
  const { result } = await runInSim(short, undefined)
  expect(result).toMatchObject({
    status: 'failed',
    attempts: 2,
    feedback: 'too short',
    error: { name: 'ValidationError' },
  })
})

test.for([null, '', false, { ok: false }, { ok: false, feedback: '' }] as const)(
  'a validator that rejects with %o gets words put in its mouth',
  async (judgement) => {
    const { result } = await runInSim(
      step('mute', () => 1, { validate: () => judgement }),
      undefined,
    )
    expect(result.feedback).toBe('Validation failed without feedback')
  },
)

test('any Standard Schema validates', async () => {
  const node = step('typed', (): unknown => ({ id: 'x' }), { validate: z.object({ id: z.number() }) })
  const { result } = await runInSim(node, undefined)
  expect(result.feedback).toMatch(/^id: /)
  expect(
    (
      await runInSim(
        step('typed', () => ({ id: 1 }), { validate: z.object({ id: z.number() }) }),
        undefined,
      )
    ).result.success,
  ).toBe(true)
})

test('each attempt sees an isolated context, and only a successful one commits', async () => {
  let calls = 0
  const writer = step(
    'writer',
    (_: undefined, ctx) => {
      calls++
      const list = ctx.context.get('list') as string[]
      list.push(`attempt ${calls}`)
      ctx.context.set('by', calls)
      if (calls < 3) throw new Error('no')
    },
    { retries: 2 },
  )
  const { result } = await runInSim(writer, undefined, { context: { list: ['start'] } })
  expect(result.context).toEqual({ list: ['start', 'attempt 3'], by: 3 })
})

test('a retry gets the input the first attempt got, whatever that did to it', async () => {
  const seen: unknown[] = []
  const input = { items: [1] }
  const greedy = step(
    'greedy',
    (given: { items: number[] }) => {
      seen.push(structuredClone(given))
      given.items.push(2)
      throw new Error('no')
    },
    { retries: 1 },
  )
  await runInSim(greedy, input)
  expect(seen).toEqual([{ items: [1] }, { items: [1] }])
  expect(input).toEqual({ items: [1] })
})

test('usage of failed attempts counts', async () => {
  let calls = 0
  const paid = step(
    'paid',
    (_: undefined, ctx) => {
      calls++
      ctx.meter({ costUsd: 0.1, tokens: 5 })
      if (calls < 3) throw new Error('no')
    },
    { retries: 2 },
  )
  const { result } = await runInSim(paid, undefined)
  expect(result.totals.usage.tokens).toBe(15)
  expect(result.usage.costUsd).toBeCloseTo(0.3)
})

test.for([-1, Number.NaN, Number.POSITIVE_INFINITY])(
  'metering %d is refused with the step’s name, and not retried',
  async (tokens) => {
    const { result } = await runInSim(
      step('wrong', (_: undefined, ctx) => ctx.meter({ tokens }), { retries: 3 }),
      undefined,
    )
    expect(result).toMatchObject({
      status: 'failed',
      attempts: 1,
      error: { name: UsageError.name, code: 'E_USAGE' },
    })
    expect(result.feedback).toContain("step 'wrong'")
  },
)

test('a configuration error thrown inside a step leaves through the engine’s edge, neither retried nor replaced', async () => {
  let fallbacks = 0
  const wrong = step(
    'wrong',
    () => {
      throw new ConfigurationError('no such model')
    },
    { retries: 3 },
  ).fallback(step('backup', () => fallbacks++))
  await expect(createEngine().run(wrong, undefined)).rejects.toThrow('no such model')
  expect(fallbacks).toBe(0)
})

test('an attempt that is in time leaves no timer behind, and its signal alone', async () => {
  const world = new SimWorld()
  let signal: AbortSignal | undefined
  const quick = step('quick', (_: undefined, ctx) => void (signal = ctx.signal), { timeoutMs: 50 })
  await drive(world, createEngine({ world }).run(quick, undefined))
  expect(world.timeline.points()).toEqual([])
  await drain(world)
  expect(signal?.aborted).toBe(false)
})

test('a key that an attempt deletes is gone from the run’s context', async () => {
  const remover = step('remover', (_: undefined, ctx) => {
    ctx.context.delete('secret')
    return [ctx.context.has('secret'), ctx.context.get('secret'), ctx.context.keys()]
  })
  const { result } = await runInSim(remover, undefined, { context: { secret: 1, kept: 2 } })
  expect(result).toMatchObject({ output: [false, undefined, ['kept']] })
  expect(result.context).toEqual({ kept: 2 })
})
