import { createEngine, pipeline, step } from 'shakedown'
import { SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { failing, runInSim } from '../../support/in-sim.ts'

test('an abort ends a delay at once and is a cancellation, not a failed attempt', async () => {
  const world = new SimWorld()
  const controller = new AbortController()
  world.clock.after(30, 'the caller', () => controller.abort(new Error('enough')))
  const { result, audit } = await runInSim(
    step('never', failing(9, 0), { retries: 5 }),
    undefined,
    { signal: controller.signal },
    world,
  )
  expect(result).toMatchObject({
    status: 'cancelled',
    success: false,
    attempts: 1,
    feedback: 'Cancelled: enough',
  })
  expect(world.clock.monotonicMs()).toBe(30)
  expect(audit.records.find((record) => record.kind === 'outcome')).toMatchObject({ outcome: 'cancelled' })
})

test('an abort ends a running attempt, whose signal carries the caller’s reason', async () => {
  const world = new SimWorld()
  const controller = new AbortController()
  const reason = new Error('enough')
  let seen: unknown
  world.clock.after(30, 'the caller', () => controller.abort(reason))
  const deaf = step(
    'deaf',
    (_: undefined, ctx) => {
      ctx.signal.addEventListener('abort', () => (seen = ctx.signal.reason))
      return new Promise<never>(() => {})
    },
    { retries: 3 },
  )
  const { result, audit } = await runInSim(deaf, undefined, { signal: controller.signal }, world)
  expect(result).toMatchObject({ status: 'cancelled', attempts: 1 })
  expect(seen).toBe(reason)
  expect(audit.records.filter((record) => record.kind === 'attempt')).toMatchObject([{ status: 'cancelled' }])
})

test('a run whose signal has fired before it starts makes no attempt', async () => {
  const { result, audit } = await runInSim(
    step('a', () => 1),
    undefined,
    { signal: AbortSignal.abort() },
  )
  expect(result).toMatchObject({ status: 'cancelled', attempts: 0 })
  expect(audit.records.filter((record) => record.kind === 'step')).toMatchObject([
    { node: 'step', path: 'a', status: 'cancelled', attempts: 0 },
  ])
})

test('runs that share a signal listen to it once, are all cancelled by it, and leave nothing on it', async () => {
  const controller = new AbortController()
  const { signal } = controller
  let listeners = 0
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args))
  signal.removeEventListener = (...args: Parameters<typeof remove>) => (listeners--, remove(...args))
  const engine = createEngine()
  const waits = step('waits', (_: number, ctx) => ctx.sleep(10_000))

  await engine.run(
    step('quick', (n: number) => n),
    1,
    { signal },
  )
  expect(listeners).toBe(0)

  const [first, ...others] = Array.from({ length: 50 }, (_, n) => engine.run(waits, n, { signal }))
  expect(listeners).toBe(1)
  controller.abort(new Error('enough'))
  const results = await Promise.all([first, ...others])
  expect(new Set(results.map((result) => result?.status))).toEqual(new Set(['cancelled']))
  expect(listeners).toBe(0)

  const late = await engine.run(waits, 1, { signal })
  expect([late.status, listeners]).toEqual(['cancelled', 0])
})

test('the caller’s signal is let go of when the run ends', async () => {
  const controller = new AbortController()
  let listeners = 0
  const { signal } = controller
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args))
  signal.removeEventListener = (...args: Parameters<typeof remove>) => (listeners--, remove(...args))
  await runInSim(
    step('a', () => 1),
    undefined,
    { signal },
  )
  expect(listeners).toBe(0)
})

test('an attempt that is over keeps its signal as it was, whatever becomes of the run', async () => {
  const controller = new AbortController()
  let first: AbortSignal | undefined
  const node = pipeline(
    'p',
    step('first', (_: unknown, ctx) => void (first = ctx.signal)),
    step('second', () => controller.abort()),
  )
  await runInSim(node, undefined, { signal: controller.signal })
  expect(first?.aborted).toBe(false)
})
