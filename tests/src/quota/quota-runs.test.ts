import {
  type AnyNode,
  ConfigurationError,
  createEngine,
  createQuota,
  memoryAudit,
  parallel,
  pipeline,
  QuotaExceededError,
  type RunOptions,
  step,
  type StepContext,
  type StepOptions,
  systemWorld,
} from 'shakedown'
import { expect, test } from 'vitest'
import { TappedAudit } from '../../../harness/run/tapped-audit.ts'

const spend = (name: string, costUsd: number, options: StepOptions<number> = {}) =>
  step(
    name,
    (n: number, { meter }: StepContext) => {
      meter({ costUsd, tokens: 10 })
      return n + 1
    },
    options,
  )

async function run(node: AnyNode, options: RunOptions) {
  const audit = new TappedAudit(memoryAudit())
  const engine = createEngine({ audit })
  const thrown: unknown = await engine.run(node, 0 as never, options).then(
    (result) => ({ result }),
    (error: unknown) => error,
  )
  const events = audit.records.flatMap((record) => (record.kind === 'event' ? [record.event] : []))
  expect(audit.conservation().ok).toBe(true)
  return { thrown, result: (thrown as QuotaExceededError).result!, events, audit }
}

test('to reach the limit exactly is allowed', async () => {
  const node = pipeline('p', spend('a', 0.05), spend('b', 0.05), spend('c', 0.05))
  const { thrown } = await run(node, { quota: { costUsd: 0.15, tokens: 30 } })
  expect(thrown).toMatchObject({ result: { status: 'completed', output: 3 } })
})

test('the step that spends more is the last one, and the totals hold what it spent', async () => {
  let calls = 0
  const node = pipeline(
    'p',
    spend('a', 0.1),
    spend('b', 0.1, { retries: 3 }).fallback(spend('backup', 0)),
    step('never', () => calls++),
  )
  const { thrown, result, events, audit } = await run(node, { quota: { costUsd: 0.15 }, runId: 'r' })
  expect(thrown).toBeInstanceOf(QuotaExceededError)
  expect(thrown).toMatchObject({
    message: 'Cost limit of $0.15 exceeded',
    reason: 'quota_exceeded',
    kind: 'quota',
  })
  expect(result).toMatchObject({
    runId: 'r',
    status: 'failed',
    feedback: 'Cost limit of $0.15 exceeded',
    attempts: 2,
    usage: { costUsd: 0.2, tokens: 20 },
    totals: { usage: { costUsd: 0.2, tokens: 20 }, steps: 2 },
    history: [
      { name: 'a', status: 'completed' },
      { name: 'b', status: 'failed' },
    ],
  })
  expect(calls).toBe(0)
  expect(events).toEqual(['quota_exceeded'])
  // What it gave is on record, although it was refused.
  expect(audit.trail('r')?.attemptRows.at(-1)).toMatchObject({ status: 'failed', output: { json: '2' } })
})

test('an attempt whose estimate is more than what is left is not made', async () => {
  const node = pipeline('p', spend('a', 0.1), spend('b', 0, { estimate: { costUsd: 0.06 }, retries: 5 }))
  const { thrown, result, events } = await run(node, { quota: { costUsd: 0.15 } })
  expect(thrown).toMatchObject({
    message: 'Cost limit of $0.15 exceeded',
    reason: 'quota_reservation_denied',
  })
  expect(result.history[1]).toMatchObject({
    name: 'b',
    status: 'failed',
    attempts: 0,
    metadata: { reason: 'quota_reservation_denied' },
  })
  expect(events).toEqual(['quota_reservation_denied'])
})

test('an estimate is a function of the input where that says more', async () => {
  const seen: number[] = []
  const node = pipeline(
    'p',
    spend('a', 0, { estimate: (n: number) => (seen.push(n), { tokens: 10 }) }),
    step('b', (n: number, { meter }) => (meter({ tokens: 1 }), n), {
      estimate: (n) => ({ tokens: n * 100 }),
    }),
  )
  const { thrown } = await run(node, { quota: { tokens: 100 } })
  expect(thrown).toMatchObject({ message: 'Token limit of 100 exceeded', reason: 'quota_reservation_denied' })
  expect(seen).toEqual([0])
})

test('what a failed attempt spent counts, and a failure that exceeds the quota is neither retried nor made up for', async () => {
  const broken = step(
    'broken',
    (_: number, { meter }): number => {
      meter({ costUsd: 0.1 })
      throw new Error('out of ink')
    },
    { retries: 5, backoff: { baseMs: 0 } },
  ).fallback(spend('backup', 0))
  const { thrown, result } = await run(broken, { quota: { costUsd: 0.15 } })
  expect(thrown).toMatchObject({ message: 'Cost limit of $0.15 exceeded', cause: { message: 'out of ink' } })
  expect(result).toMatchObject({ attempts: 2, usage: { costUsd: 0.2 } })
})

test('a failed attempt gives back what it had reserved and did not spend', async () => {
  const quota = createQuota({ costUsd: 0.1 })
  let calls = 0
  const node = step(
    's',
    () => {
      if (++calls < 4) throw new Error('not yet')
      return quota.reserved.costUsd
    },
    { retries: 3, backoff: { baseMs: 0 }, estimate: { costUsd: 0.1 } },
  )
  expect(await createEngine().run(node, 0, { quota })).toMatchObject({ output: 0.1, attempts: 4 })
  expect(quota).toMatchObject({
    spent: { costUsd: 0 },
    reserved: { costUsd: 0 },
    remaining: { costUsd: 0.1 },
  })
})

test('an input that cannot be copied, and a run that is aborted, give back what was reserved', async () => {
  const quota = createQuota({ tokens: 10 })
  const unreadable = Object.defineProperty({}, 'x', {
    enumerable: true,
    get: () => {
      throw new Error('locked')
    },
  })
  const give = step('give', () => unreadable)
  const take = step('take', () => 1, { estimate: { tokens: 10 } })
  expect(await createEngine().run(pipeline('p', give, take), 0, { quota })).toMatchObject({
    status: 'failed',
  })
  expect(quota.reserved.tokens).toBe(0)
  const controller = new AbortController()
  const leave = step('leave', () => (controller.abort(), new Promise<never>(() => {})), {
    estimate: { tokens: 10 },
  })
  const { signal } = controller
  expect(await createEngine().run(leave, 0, { quota, signal })).toMatchObject({ status: 'cancelled' })
  expect(quota.reserved.tokens).toBe(0)
})

test('writes of the step that exceeds the quota do not reach the context', async () => {
  const node = step('s', (_: number, { meter, context }) => {
    context.set('k', 'written')
    meter({ tokens: 11 })
  })
  const { result } = await run(node, { quota: { tokens: 10 } })
  expect(result.context).toEqual({})
})

test('branches at once share one pool: only as many run as it has room for, and the others are denied', async () => {
  const quota = createQuota({ tokens: 20 })
  const branches = Object.fromEntries(
    ['a', 'b', 'c', 'd'].map((name) => [
      name,
      step(
        name,
        async (n: number, { meter }) => {
          await new Promise((resolve) => systemWorld().clock.afterTurn(() => resolve(undefined)))
          meter({ tokens: 10 })
          return n
        },
        { estimate: { tokens: 10 } },
      ),
    ]),
  )
  const { thrown, events } = await run(parallel('all', branches), { quota })
  expect(thrown).toMatchObject({ name: 'QuotaExceededError', reason: 'quota_reservation_denied' })
  expect(events.filter((event) => event === 'quota_reservation_denied')).toHaveLength(2)
  expect(quota.reserved.tokens).toBe(0)
  expect(quota.spent.tokens).toBeLessThanOrEqual(20)
})

test('limits of the engine are for each run, a pool is for all of them', async () => {
  const each = createEngine({ quota: { tokens: 15 } })
  const node = spend('a', 0)
  for (const _ of [1, 2]) expect(await each.run(node, 0)).toMatchObject({ success: true })
  const shared = createEngine({ quota: createQuota({ tokens: 15 }) })
  expect(await shared.run(node, 0)).toMatchObject({ success: true })
  await expect(shared.run(node, 0)).rejects.toThrow('Token limit of 15 exceeded')
  // Neither limit can be got round with the other.
  await expect(each.run(node, 0, { quota: { tokens: 5 } })).rejects.toThrow('Token limit of 5 exceeded')
  await expect(each.run(pipeline('p', node, spend('b', 0)), 0, { quota: { tokens: 500 } })).rejects.toThrow(
    'Token limit of 15',
  )
})

test.each([
  [
    'throws',
    () => {
      throw new Error('no idea')
    },
    'no idea',
  ],
  [
    'gives nothing',
    () => undefined as never,
    "Expected `estimate` of step 's' to give { costUsd, tokens }, numbers of at least 0, got nothing.",
  ],
  ['gives less than nothing', () => ({ tokens: -1 }), 'got an object.'],
])('an estimate that %s fails its step, and a fallback may do the work', async (_, estimate, message) => {
  const guarded = spend('s', 0, { estimate, retries: 2 })
  const { thrown } = await run(guarded, { quota: { tokens: 100 } })
  expect(thrown).toMatchObject({ result: { status: 'failed', attempts: 0 } })
  expect((thrown as { result: { feedback: string } }).result.feedback).toContain(message)
  const { thrown: saved } = await run(guarded.fallback(spend('backup', 0)), { quota: { tokens: 100 } })
  expect(saved).toMatchObject({ result: { status: 'completed' } })
})

test('an estimate cannot change what its step is given, and a control signal it throws ends the run', async () => {
  const node = step('s', ({ list }: { list: number[] }) => list.length, {
    estimate: ({ list }) => ({ tokens: list.push(1) }),
  })
  expect(await createEngine().run(node, { list: [] }, { quota: { tokens: 5 } })).toMatchObject({ output: 0 })
  const refusing = step('r', () => 1, {
    estimate: () => {
      throw new ConfigurationError('no such model')
    },
  })
  await expect(createEngine().run(refusing, 0, { quota: { tokens: 5 } })).rejects.toThrow('no such model')
})

test('without a quota nobody asks for an estimate', async () => {
  const node = spend('s', 0, {
    estimate: () => {
      throw new Error('asked')
    },
  })
  expect(await createEngine().run(node, 0)).toMatchObject({ success: true })
})

test.each([
  [{ quota: { costUsd: -1 } }, 'Expected `quota` of engine.run to be valid: expected limits of at least 0'],
  [{ quota: {} }, 'or a pool made by createQuota(); got an object.'],
  [{ quota: 5 as never }, 'got 5.'],
])('an option %j is refused', async (options, message) => {
  await expect(createEngine().run(spend('s', 0), 0, options)).rejects.toThrow(message)
  expect(() => createEngine(options)).toThrow(message.replace('engine.run', 'createEngine'))
  expect(() => step('s', () => 1, { estimate: { tokens: -1 } })).toThrow(
    "Expected `estimate` of step 's' to be valid: expected { costUsd, tokens } of at least 0",
  )
})
