import {
  AbortSignalled,
  type AnyNode,
  createEngine,
  first,
  HookError,
  type Hooks,
  memoryAudit,
  type Node,
  parallel,
  pipeline,
  step,
} from 'shakedown'
import { drive, SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { TappedAudit } from '../../../harness/run/tapped-audit.ts'

const add = (name: string) => step(name, (n: number) => n + 1)
const fail = (name: string) =>
  step(name, (_: number): number => {
    throw new Error('out of ink')
  })

const waits = (name: string) =>
  step(
    name,
    (_: number, { signal }) =>
      new Promise<number>((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      ),
  )

const ANY_OF_TWO: readonly (readonly [string, AnyNode])[] = [
  ['the loser of a join', parallel('both', { a: add('a'), b: waits('b') }, { join: first() })],
  ['beside a branch that failed', parallel('both', { a: fail('a'), b: waits('b') }).fallback(add('f'))],
]

test.each(
  ANY_OF_TWO.flatMap(([what, node]) => [
    [what, node, new AbortSignalled(new Error('enough')), 'cancelled', /^Cancelled: enough$/] as const,
    [
      what,
      node,
      new Error('broke'),
      'failed',
      /^Hook onStepFailure at p\/both(\/both)?\/b threw: broke$/,
    ] as const,
  ]),
)(
  'what the strict hook of a cancelled step throws ends the run: %s',
  async (_what, node, thrown, status, feedback) => {
    const begun: string[] = []
    const hooks: Hooks = {
      preStep: ({ step: name }) => void begun.push(name),
      onStepFailure: async ({ step: name }) => {
        await Promise.resolve()
        if (name === 'b') throw thrown
      },
    }
    const whole = pipeline('p', node as Node<number, number>, add('after'))
    const engine = createEngine({ hooks, strictHooks: true })
    const ended: unknown = await engine.run(whole, 0).catch((error: unknown) => error)
    const result = ended instanceof HookError ? ended.result : ended
    expect(result).toMatchObject({ status, feedback: expect.stringMatching(feedback) })
    expect(begun.toSorted()).toEqual(['a', 'b'])
  },
)

test('a hook for what an abort has ended is waited for, 30 seconds at most', async () => {
  for (const [takesMs, atMs, errors] of [
    [500, 1_010, []],
    [Infinity, 60_010, ['onStepFailure', 'postRun']],
  ] as const) {
    const world = new SimWorld()
    const audit = new TappedAudit(memoryAudit())
    const controller = new AbortController()
    const wait = (): Promise<void> =>
      new Promise((resolve) => takesMs < Infinity && world.clock.after(takesMs, 'hook', resolve))
    world.clock.after(10, 'abort', () => controller.abort(new Error('enough')))
    const engine = createEngine({ world, audit, hooks: { onStepFailure: wait, postRun: wait } })
    const running = engine.run(waits('s'), 0, { signal: controller.signal })
    await drive(world, running)
    expect(await running).toMatchObject({ status: 'cancelled', feedback: 'Cancelled: enough' })
    expect(world.clock.monotonicMs()).toBe(atMs)
    const events = audit.records.flatMap((record) =>
      record.kind === 'event' && record.event === 'hook_error' ? [record.detail['hook']] : [],
    )
    expect(events).toEqual(errors)
  }
})

test('a hook in a cancelled branch is not waited for once the run is aborted', async () => {
  const world = new SimWorld()
  const controller = new AbortController()
  world.clock.after(10, 'abort', () => controller.abort(new Error('enough')))
  const hooks = {
    onStepFailure: ({ step: name }: { step: string }) => (name === 'b' ? new Promise(() => {}) : 0),
  }
  const node = parallel('both', { a: fail('a'), b: waits('b') })
  const running = createEngine({ world, hooks }).run(node, 0, { signal: controller.signal })
  await drive(world, running)
  expect(await running).toMatchObject({ status: 'cancelled', feedback: 'Cancelled: enough' })
  expect(world.clock.monotonicMs()).toBe(10)
})

test('a hook that hangs when its branch is cancelled is abandoned after the node’s settleMs', async () => {
  const world = new SimWorld()
  const audit = new TappedAudit(memoryAudit())
  const hooks = { preStep: ({ step: name }: { step: string }) => (name === 'b' ? new Promise(() => {}) : 0) }
  const fails = step('a', async (_: number, ctx): Promise<number> => {
    await ctx.sleep(20)
    throw new Error('no')
  })
  const node = parallel('both', { a: fails, b: add('b') }, { settleMs: 100 })
  const running = createEngine({ world, audit, hooks }).run(node, 0)
  await drive(world, running)
  expect(await running).toMatchObject({ status: 'failed', feedback: "branch 'a' failed: no" })
  expect(world.clock.monotonicMs()).toBe(120)
  const abandoned = audit.records.flatMap((each) => (each.kind === 'event' ? [each.event] : []))
  expect(abandoned).toEqual(['abandoned'])
})
