import {
  type AnyNode,
  ConfigurationError,
  type ControlKind,
  ControlSignal,
  createEngine,
  memoryAudit,
  parallel,
  pipeline,
  step,
  type StepResult,
} from 'shakedown'
import { drive, SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { TappedAudit } from '../../../../harness/run/tapped-audit.ts'
import { createEngineOf } from '../../../../src/engine.ts'
import { KINDS } from '../../../../src/run/kinds.ts'
import { StepRunner } from '../../../../src/run/leaves/step-runner.ts'
import { deaf, fails, runBranches, wait } from './running.ts'

/** Throws a control signal after so many milliseconds. */
const signals = (
  kind: ControlKind,
  ms: number,
  thrown = new ControlSignal(kind, `E_${kind}`, `${kind}, please`),
) =>
  step('asks', async (_: number, ctx): Promise<number> => {
    await ctx.sleep(ms)
    throw thrown
  })

/** What a run rejects with, and when. */
async function rejection(node: AnyNode): Promise<{ thrown: unknown; audit: TappedAudit; atMs: number }> {
  const world = new SimWorld()
  const audit = new TappedAudit(memoryAudit())
  const running = createEngine({ world, audit })
    .run(node, 1 as never)
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
  await drive(world, running)
  return { thrown: await running, audit, atMs: world.clock.monotonicMs() }
}

test.for(['cancel', 'collect', 'ignore'] as const)(
  '%s: a configuration error or an exceeded quota in one branch cancels the others, waits for them and surfaces',
  async (onBranchFailure) => {
    for (const kind of ['configuration', 'quota'] as const) {
      const given = kind === 'configuration' ? new ConfigurationError('no such model') : undefined
      const node = parallel(
        'three',
        { done: wait('done', 1), asks: signals(kind, 5, given), deaf: deaf('deaf', 500) },
        { onBranchFailure },
      )
      const { thrown, audit, atMs } = await rejection(node.fallback(step('backup', () => 0)))
      expect(thrown).toMatchObject({
        kind,
        result: {
          status: 'failed',
          children: {
            primary: {
              attempts: 3,
              children: {
                done: { status: 'completed' },
                asks: { status: 'failed' },
                deaf: { status: 'cancelled', feedback: "Cancelled: branch 'asks' ended the run" },
              },
            },
          },
        },
      })
      expect(atMs).toBe(500)
      expect(audit.conservation()).toMatchObject({ ok: true, tokens: 5, outcomes: 5 })
    }
  },
)

test('of a failure and a stop at the same moment the stop surfaces, whichever was first', async () => {
  for (const names of [
    ['bad', 'asks'],
    ['asks', 'bad'],
  ]) {
    const nodes: Record<string, AnyNode> = { bad: fails('bad', 5), asks: signals('quota', 5) }
    const branches = Object.fromEntries(names.map((name) => [name, nodes[name] as AnyNode]))
    const { thrown } = await rejection(parallel('both', branches, { onBranchFailure: 'collect' }))
    expect(thrown).toMatchObject({ kind: 'quota' })
  }
})

test('a step that throws an abort of its own cancels the run, siblings included', async () => {
  const { result, endedAtMs } = await runBranches(
    parallel('both', { asks: signals('abort', 5), slow: wait('slow', 50) }, { onBranchFailure: 'ignore' }),
    1,
  )
  expect(result).toMatchObject({
    status: 'cancelled',
    children: { asks: { status: 'cancelled' }, slow: { status: 'cancelled' } },
  })
  expect(endedAtMs).toBe(5)
})

test.for(['collect', 'ignore'] as const)(
  '%s: a pause in one branch pauses the run; the others go on to their own end, and no token has an outcome',
  async (onBranchFailure) => {
    const node = pipeline(
      'p',
      parallel(
        'four',
        { a: signals('pause', 5), b: wait('b', 50), c: fails('c', 20), d: signals('pause', 30) },
        { onBranchFailure },
      ),
      step('after', () => 0),
    )
    const { result, fates, joins, endedAtMs, audit } = await runBranches(node, 1)
    expect(endedAtMs).toBe(50)
    expect(result).toMatchObject({ status: 'paused', attempts: 4 })
    expect(result.children).not.toHaveProperty('after')
    expect(result.children['four']?.children).toMatchObject({
      a: { status: 'paused' },
      b: { status: 'completed', output: 51 },
      c: { status: 'failed' },
      d: { status: 'paused' },
    })
    expect(fates).toEqual([['t1', 'forked']])
    expect(joins).toEqual([])
    expect(audit.records.filter(({ kind }) => kind === 'token')).toHaveLength(5)
  },
)

test('a branch that would pause the run is cancelled when a sibling fails: the node can only fail', async () => {
  const inner = parallel('inner', { asks: signals('pause', 5), d: wait('d', 1) })
  const node = parallel('three', { a: inner, b: fails('b', 20), c: wait('c', 50) })
  const { result, endedAtMs, audit } = await runBranches(node.fallback(step('backup', () => 7)), 1)
  expect(result).toMatchObject({
    status: 'completed',
    output: 7,
    children: {
      primary: {
        status: 'failed',
        children: {
          a: { status: 'cancelled', children: { asks: { status: 'cancelled' }, d: { status: 'completed' } } },
          b: { status: 'failed' },
          c: { status: 'cancelled' },
        },
      },
    },
  })
  expect(endedAtMs).toBe(20)
  expect(audit.conservation()).toMatchObject({ ok: true, open: [] })
})

test('the caller’s abort ends a branch that waits for the others before it pauses the run', async () => {
  const controller = new AbortController()
  const world = new SimWorld()
  world.clock.after(30, 'the caller', () => controller.abort(new Error('enough')))
  const node = parallel('two', { a: signals('pause', 5), b: wait('b', 50) })
  const { result, audit } = await runBranches(node, 1, { signal: controller.signal }, world)
  expect(result).toMatchObject({ status: 'cancelled', children: { a: { status: 'cancelled' } } })
  expect(audit.conservation()).toMatchObject({ ok: true, open: [] })
})

test('a branch that waits for the others before it pauses the run leaves its turn to one of them', async () => {
  const branches = { a: signals('pause', 5), b: wait('b', 50), c: wait('c', 20) }
  const { result, endedAtMs } = await runBranches(parallel('three', branches, { concurrency: 1 }), 1)
  expect(result).toMatchObject({
    status: 'paused',
    children: { a: { status: 'paused' }, b: { status: 'completed' }, c: { status: 'completed' } },
  })
  expect(endedAtMs).toBe(75)
})

test('the caller’s abort reaches every branch, also below a branch, and nobody is waited for', async () => {
  const controller = new AbortController()
  const world = new SimWorld()
  world.clock.after(5, 'the caller', () => controller.abort(new Error('enough')))
  const inner = parallel('inner', { x: wait('x', 100), y: deaf('y', 100) })
  const { result, endedAtMs, fates, audit } = await runBranches(
    parallel('outer', { inner, z: wait('z', 100), done: wait('done', 1) }),
    1,
    { signal: controller.signal },
    world,
  )
  expect(result).toMatchObject({ status: 'cancelled', feedback: 'Cancelled: enough', attempts: 4 })
  expect(result.children).toMatchObject({
    inner: { status: 'cancelled', children: { x: { status: 'cancelled' }, y: { status: 'cancelled' } } },
    done: { status: 'completed' },
  })
  expect(endedAtMs).toBe(5)
  // What had arrived at a join that was cancelled is cancelled with it.
  expect(fates.filter(([, fate]) => fate !== 'forked').map(([, fate]) => fate)).toEqual(
    Array.from({ length: 6 }, () => 'cancelled'),
  )
  expect(audit.conservation().ok).toBe(true)
})

test('an abort while cancelled branches are waited for ends the wait, and the run is cancelled', async () => {
  const controller = new AbortController()
  const world = new SimWorld()
  world.clock.after(50, 'the caller', () => controller.abort(new Error('enough')))
  const node = parallel('both', { bad: fails('bad', 5), deaf: deaf('deaf', 500) })
  const { result, endedAtMs, events } = await runBranches(node, 1, { signal: controller.signal }, world)
  expect(endedAtMs).toBe(50)
  expect(result).toMatchObject({ status: 'cancelled', feedback: 'Cancelled: enough' })
  expect(events.map(({ event }) => event)).toEqual(['late'])
})

test('a branch that is cancelled has what is inside it waited for, once and by the node that cancelled it', async () => {
  const inner = parallel('inner', { x: deaf('x', 100), bad: fails('bad inside', 20) })
  const node = parallel('outer', { inner, bad: fails('bad', 10) }, { settleMs: 40 })
  const { result, endedAtMs, events } = await runBranches(node, 1)
  expect(endedAtMs).toBe(50)
  expect(result).toMatchObject({ status: 'failed', feedback: "branch 'bad' failed: bad is out of ink" })
  expect(events.filter(({ atMs }) => atMs > 10)).toMatchObject([
    { event: 'abandoned', path: 'outer', detail: { branch: 'inner', abandoned: 1 } },
    { event: 'late', path: 'outer/inner/x' },
  ])
})

test('nothing runs in a run that was aborted before it began', async () => {
  let calls = 0
  const { result, fates } = await runBranches(
    parallel('both', { a: step('a', () => ++calls), b: step('b', () => ++calls) }),
    1,
    { signal: AbortSignal.abort(new Error('never mind')) },
  )
  expect(result).toMatchObject({ status: 'cancelled', attempts: 0, feedback: 'Cancelled: never mind' })
  expect(calls).toBe(0)
  expect(fates).toEqual([['t1', 'cancelled']])
})

const STRANGE: readonly unknown[] = [
  undefined,
  null,
  'text',
  Symbol('s'),
  Object.freeze({}),
  new Proxy(
    {},
    {
      get: () => {
        throw new Error('not to be read')
      },
    },
  ),
]

test('whatever a branch throws, that branch fails, and the engine does not', async () => {
  for (const thrown of STRANGE) {
    const { result, audit } = await runBranches(
      parallel('both', { a: wait('a', 5), b: fails('b', 0, thrown) }, { onBranchFailure: 'ignore' }),
      1,
    )
    expect(result.output).toEqual({ a: 6 })
    expect(result.children['b']).toMatchObject({ status: 'failed', attempts: 1 })
    expect(audit.conservation().ok).toBe(true)
  }
})

test('a runner that throws, which none does, fails its branch: at once, later, or with a control signal', async () => {
  const broken = (how: () => Promise<StepResult>) =>
    class extends StepRunner {
      override execute(...given: Parameters<StepRunner['execute']>): Promise<StepResult> {
        return this.node.name === 'odd' ? how() : super.execute(...given)
      }
    }
  const node = parallel(
    'both',
    { odd: step('odd', () => 0), fine: step('fine', () => 1) },
    { onBranchFailure: 'ignore' },
  )
  const now = (): Promise<StepResult> => {
    throw undefined
  }
  const later = (): Promise<StepResult> => Promise.reject(new TypeError('a bug'))
  for (const how of [now, later]) {
    const result = await createEngineOf({ ...KINDS, step: broken(how) }).run(node, 1)
    expect(result).toMatchObject({
      status: 'completed',
      children: { odd: { status: 'failed', attempts: 0 } },
    })
    expect(result.output).toEqual({ fine: 1 })
  }
  const wrong = (): Promise<StepResult> => Promise.reject(new ConfigurationError('no such thing'))
  await expect(createEngineOf({ ...KINDS, step: broken(wrong) }).run(node, 1)).rejects.toThrow(
    'no such thing',
  )
})
