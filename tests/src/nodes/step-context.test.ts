import {
  isGenuineEngine,
  createEngine,
  memoryAudit,
  pipeline,
  step,
  TimeoutError,
  type StepContext,
} from 'shakedown'
import { SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { failing, runInSim } from '../../support/in-sim.ts'

/** What a step is told about itself at the time it runs. */
function seenBy(seen: unknown[], fail: () => void = () => {}): (_: unknown, ctx: StepContext) => void {
  return (_, { runId, step: name, path, attempt, clock, random }) => {
    seen.push({ runId, name, path, attempt, nowMs: clock.monotonicMs(), random: random() })
    fail()
  }
}

test('a step is told its run, its name, its path and its attempt, and gets the world’s clock and randomness', async () => {
  const seen: unknown[] = []
  const fail = failing(1, undefined)
  const node = pipeline('p', step('a', seenBy(seen, fail), { retries: 1 }), step('b', seenBy(seen)))
  const { result } = await runInSim(node, undefined, { runId: 'mine' }, new SimWorld({ seed: 3 }))
  const { random } = new SimWorld({ seed: 3 })
  expect(seen).toEqual([
    { runId: 'mine', name: 'a', path: 'p/a', attempt: 1, nowMs: 0, random: random() },
    { runId: 'mine', name: 'a', path: 'p/a', attempt: 2, nowMs: 100, random: random() },
    { runId: 'mine', name: 'b', path: 'p/b', attempt: 1, nowMs: 100, random: random() },
  ])
  expect(result).toMatchObject({ runId: 'mine', status: 'completed' })
})

test('a run without an id gets one of the world', async () => {
  const world = new SimWorld()
  const first = await runInSim(
    step('a', () => 1),
    undefined,
    {},
    world,
  )
  const second = await runInSim(
    step('a', () => 1),
    undefined,
    {},
    world,
  )
  expect([first.result.runId, second.result.runId]).toEqual(['run-1', 'run-2'])
})

test.for<[string, object, string]>([
  ['a cost below nothing', { costUsd: -0.1 }, 'costUsd'],
  ['tokens below nothing', { tokens: -1 }, 'tokens'],
  ['a cost that is no number', { costUsd: Number.NaN }, 'costUsd'],
  ['tokens without an end', { tokens: Number.POSITIVE_INFINITY }, 'tokens'],
  ['a cost in words', { costUsd: '1' }, 'costUsd'],
])('%s is refused by its field and counts nothing', async ([, usage, field]) => {
  const { result } = await runInSim(
    step('paid', (_: unknown, ctx) => {
      ctx.meter({ costUsd: 1, tokens: 10 })
      ctx.meter({ costUsd: 0.5, tokens: 5, ...usage })
    }),
    undefined,
  )
  expect(result).toMatchObject({ status: 'failed', error: { name: 'UsageError', code: 'E_USAGE' } })
  expect(result.feedback).toContain(field)
  expect(result.usage).toEqual({ costUsd: 1, tokens: 10 })
})

test('a meter adds up, and what is left out counts nothing', async () => {
  const { result } = await runInSim(
    step('paid', (_: unknown, { meter }) => {
      meter({ costUsd: 0.5 })
      meter({ tokens: 7 })
      meter({ costUsd: 0, tokens: undefined })
      meter({})
    }),
    undefined,
  )
  expect(result.usage).toEqual({ costUsd: 0.5, tokens: 7 })
})

test.for<[string, object, boolean]>([
  ['that completed', {}, true],
  ['that failed', {}, false],
  ['that completed before its timeout', { timeoutMs: 50 }, true],
])('a meter kept from an attempt %s takes anything and counts nothing', async ([, options, completes]) => {
  const kept: StepContext['meter'][] = []
  const node = step(
    'paid',
    (_: unknown, { meter }) => {
      kept.push(meter)
      meter({ tokens: 1 })
      if (!completes) throw new Error('out of ink')
    },
    options,
  )
  const { result } = await runInSim(node, undefined)
  for (const meter of kept)
    for (const tokens of [20, -1, Number.NaN]) expect(() => meter({ tokens })).not.toThrow()
  expect(kept).toHaveLength(1)
  expect(result.usage.tokens).toBe(1)
})

test('a signal asked for before, during and after a timeout carries the same reason', async () => {
  const signals: AbortSignal[] = []
  const slow = step(
    'slow',
    async (_: unknown, ctx) => {
      await new Promise<void>((resolve) => ctx.clock.after(500, 'late', resolve))
      signals.push(ctx.signal)
    },
    { timeoutMs: 50 },
  )
  const { result } = await runInSim(slow, undefined)
  expect(result.error).toMatchObject({ name: 'TimeoutError' })
  expect(signals.map(({ aborted, reason }) => [aborted, reason instanceof TimeoutError])).toEqual([
    [true, true],
  ])
})

test('a signal first asked for after the run was aborted carries the caller’s reason', async () => {
  const reason = new Error('enough')
  const controller = new AbortController()
  let seen: AbortSignal | undefined
  const deaf = step('deaf', async (_: unknown, ctx) => {
    controller.abort(reason)
    seen = ctx.signal
    await new Promise<void>((resolve) => ctx.clock.after(500, 'deaf', resolve))
  })
  const { result } = await runInSim(deaf, undefined, { signal: controller.signal })
  expect(result).toMatchObject({ status: 'cancelled', latencyMs: 0 })
  expect([seen?.aborted, seen?.reason]).toEqual([true, reason])
})

test('an aborted attempt tells its listeners once, with the caller’s reason', async () => {
  const world = new SimWorld()
  const controller = new AbortController()
  const told: unknown[] = []
  world.clock.after(30, 'the caller', () => controller.abort('enough'))
  await runInSim(
    step('deaf', (_: unknown, { signal }) => {
      signal.addEventListener('abort', () => told.push(signal.reason))
      return new Promise<never>(() => {})
    }),
    undefined,
    { signal: controller.signal },
    world,
  )
  expect(told).toEqual(['enough'])
})

test('sleep ends early with the reason of the timeout, and takes as long as it was told otherwise', async () => {
  const ended: unknown[] = []
  const nap = step(
    'nap',
    async (ms: number, ctx) => {
      await ctx.sleep(ms).then(
        () => ended.push([ctx.clock.monotonicMs(), 'slept']),
        (reason: unknown) => ended.push([ctx.clock.monotonicMs(), (reason as Error).name]),
      )
    },
    { timeoutMs: 50 },
  )
  await runInSim(nap, 20)
  await runInSim(nap, 80)
  expect(ended).toEqual([
    [20, 'slept'],
    [50, 'TimeoutError'],
  ])
})

test('an engine shows its audit trail, and none without one', () => {
  const audit = memoryAudit()
  expect(createEngine({ audit }).audit).toBe(audit)
  expect(createEngine().audit).toBeUndefined()
})

test('only what createEngine made is a genuine engine', () => {
  const engine = createEngine()
  expect(isGenuineEngine(engine)).toBe(true)
  const copies: unknown[] = [
    Object.assign({}, engine),
    Object.create(engine),
    new Proxy(engine, {}),
    Object.getPrototypeOf(engine),
    null,
    undefined,
    'engine',
    () => engine,
  ]
  for (const copy of copies) expect(isGenuineEngine(copy)).toBe(false)
})

test.for<[string, () => unknown, string]>([
  [
    'engine',
    () => createEngine({ audt: 'x' } as never),
    'Unknown option `audt` of createEngine. Did you mean `audit`?',
  ],
  [
    'engine, far from any',
    () => createEngine({ zzzzzzzzzz: 1 } as never),
    'Unknown option `zzzzzzzzzz` of createEngine.',
  ],
])('an option that no %s has is refused, with the nearest one that it has', ([, make, message]) => {
  expect(make).toThrow(message)
})

test('an option that no run has is refused, and nothing is run', async () => {
  let calls = 0
  const run = createEngine().run(
    step('a', () => calls++),
    undefined,
    { signl: null } as never,
  )
  await expect(run).rejects.toThrow('Unknown option `signl` of engine.run. Did you mean `signal`?')
  expect(calls).toBe(0)
})

test('a starting context that cannot be copied is refused with its reason', async () => {
  const context = {
    get broken(): never {
      throw new Error('the getter is broken')
    },
  }
  await expect(
    createEngine().run(
      step('a', () => 1),
      undefined,
      { context },
    ),
  ).rejects.toThrow(/^Expected `context` of engine\.run to be plain data that can be copied: /)
})

test('a timeout tells the listeners of a signal once, and the run’s later abort does not tell them again', async () => {
  const world = new SimWorld()
  const controller = new AbortController()
  const told: unknown[] = []
  world.clock.after(80, 'the caller', () => controller.abort('enough'))
  const slow = step(
    'slow',
    (_: unknown, { signal }) => {
      signal.addEventListener('abort', () => told.push((signal.reason as Error).name))
      return new Promise<never>(() => {})
    },
    { timeoutMs: 50, retries: 1, backoff: { baseMs: 100 } },
  )
  const { result } = await runInSim(slow, undefined, { signal: controller.signal }, world)
  expect(result).toMatchObject({ status: 'cancelled', attempts: 1 })
  expect(told).toEqual(['TimeoutError'])
})
