import fc from 'fast-check'
import { ControlSignal, parallel, pipeline, step, type StepContext } from 'shakedown'
import { expect, test } from 'vitest'
import { casesOf } from '../../../support/nightly.ts'
import { fails, runBranches } from './running.ts'

/** Does something with the context after so many milliseconds. */
const does = (name: string, act: (context: StepContext['context']) => void, ms = 0) =>
  step(name, async (_: unknown, ctx) => {
    if (ms > 0) await ctx.sleep(ms)
    act(ctx.context)
    return name
  })

const sets = (name: string, key: string, value: unknown, ms = 0) =>
  does(name, (context) => context.set(key, value), ms)

test('each branch works on a context of its own; what they wrote is there for what comes after', async () => {
  const seen: unknown[] = []
  const branch = (name: string, ms: number) =>
    pipeline(
      name,
      sets('write', name, `${name} was here`, ms),
      does('read', (context) => void seen.push([name, context.keys()]), 5),
    )
  const node = pipeline(
    'p',
    parallel('both', { a: branch('a', 9), b: branch('b', 1) }),
    does('after', (context) => void seen.push(context.keys())),
  )
  const { result } = await runBranches(node, 1, { context: { k: 'start' } })
  expect(seen).toEqual([
    ['b', ['k', 'b']],
    ['a', ['k', 'a']],
    ['k', 'a', 'b'],
  ])
  expect(result.context).toEqual({ k: 'start', a: 'a was here', b: 'b was here' })
})

test('a conflict fails the node, names key and branches, and merges nothing', async () => {
  const node = parallel('three', {
    a: pipeline('a', sets('a', 'k', 1), sets('other', 'mine', 1)),
    b: sets('b', 'fine', 2),
    c: sets('c', 'k', 3),
  })
  const { result, fates, joins } = await runBranches(node, 1, { context: { k: 0 } })
  const reason = "Merge conflict for key 'k': branches 'a' and 'c' wrote different values"
  expect(result).toMatchObject({
    status: 'failed',
    feedback: reason,
    error: { name: 'MergeConflictError', code: 'E_MERGE_CONFLICT' },
    children: { a: { status: 'completed' }, b: { status: 'completed' }, c: { status: 'completed' } },
    context: { k: 0 },
  })
  expect(result.context).toEqual({ k: 0 })
  expect(fates.map(([, fate]) => fate)).toEqual(['forked', 'failed', 'failed', 'failed', 'failed'])
  expect(joins).toMatchObject([{ status: 'failed', reason, lost: [], arrived: [{}, {}, {}] }])
})

test('a conflict is a failure like any other: the fallback runs, with the context as it was', async () => {
  const seen: unknown[] = []
  const node = parallel('both', { a: sets('a', 'k', 1), b: sets('b', 'k', 2) }).fallback(
    does('backup', (context) => void seen.push(context.get('k'))),
  )
  const { result } = await runBranches(node, 1, { context: { k: 0 } })
  expect(result.status).toBe('completed')
  expect(seen).toEqual([0])
})

const two = { a: sets('a', 'k', 1, 20), b: sets('b', 'k', 2, 10) }

test('the strategies: the last declared branch wins, the first does, nothing is merged, or a function decides', async () => {
  const start = { context: { k: 0 } }
  const context = async (options: Parameters<typeof parallel>[2]): Promise<unknown> =>
    (await runBranches(parallel('both', two, options), 1, start)).result.context
  expect(await context({ context: 'overwrite' })).toEqual({ k: 2 })
  expect(await context({ context: 'keep-first' })).toEqual({ k: 1 })
  expect(await context({ context: 'none' })).toEqual({ k: 0 })
  expect(await context({ onConflict: (key, base, values) => ({ key, base, values }) })).toEqual({
    k: { key: 'k', base: 0, values: { a: 1, b: 2 } },
  })
})

test('whatever `onConflict` throws fails the node; a control signal ends the run', async () => {
  for (const thrown of [
    new Error('undecided'),
    undefined,
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('no')
        },
      },
    ),
  ]) {
    const node = parallel('both', two, {
      onConflict: () => {
        throw thrown
      },
    })
    const { result, audit } = await runBranches(node, 1)
    expect(result.status).toBe('failed')
    expect(result.context).toEqual({})
    expect(audit.conservation().ok).toBe(true)
  }
  const stopping = parallel('both', two, {
    onConflict: () => {
      throw new ControlSignal('pause', 'E_ASK', 'a person has to say')
    },
  })
  const { result, fates } = await runBranches(stopping, 1)
  expect(result).toMatchObject({ status: 'paused', feedback: 'a person has to say' })
  expect(fates).toEqual([['t1', 'forked']])
})

test('collect: completed branches merge although the node fails, and a conflict among them is told as well', async () => {
  const branches = {
    a: sets('a', 'a', 1),
    bad: pipeline('bad', sets('w', 'lost', 1), fails('bad', 5)),
    c: sets('c', 'c', 2, 9),
  }
  const { result } = await runBranches(parallel('three', branches, { onBranchFailure: 'collect' }), 1)
  expect(result.status).toBe('failed')
  expect(result.context).toEqual({ a: 1, c: 2 })

  const conflict = parallel('three', { ...two, bad: fails('bad', 5) }, { onBranchFailure: 'collect' })
  const { result: both } = await runBranches(conflict, 1)
  expect(both).toMatchObject({
    status: 'failed',
    feedback:
      "branch 'bad' failed: bad is out of ink; Merge conflict for key 'k': branches 'a' and 'b' wrote different values",
    error: { name: 'AggregateError', errors: [{ name: 'Error' }, { name: 'MergeConflictError' }] },
    context: {},
  })
})

test('cancel: nothing of a node that failed is merged; ignore: what the completed branches wrote is', async () => {
  const branches = { a: sets('a', 'a', 1), bad: pipeline('bad', sets('w', 'lost', 1), fails('bad', 5)) }
  const cancelled = await runBranches(parallel('both', branches), 1)
  expect(cancelled.result.context).toEqual({})
  const ignored = await runBranches(parallel('both', branches, { onBranchFailure: 'ignore' }), 1)
  expect(ignored.result.context).toEqual({ a: 1 })
})

test('include: branches see the keys that are named, and what they write merges as ever', async () => {
  const seen: unknown[] = []
  const look = does('look', (context) => {
    seen.push(context.keys())
    context.append('log', 'looked')
    context.set('hidden', 'new')
    context.delete('secret')
  })
  const node = parallel('one', { look }, { include: ['log', 'of no such key'] })
  const { result } = await runBranches(node, 1, { context: { log: ['start'], secret: 's', hidden: 'old' } })
  expect(seen).toEqual([['log']])
  expect(result.context).toEqual({ log: ['start', 'looked'], secret: 's', hidden: 'new' })
})

test('include: an append to what is hidden and no list fails the node in words', async () => {
  const node = parallel('one', { add: does('add', (context) => context.append('n', 1)) }, { include: [] })
  const { result } = await runBranches(node, 1, { context: { n: 5 } })
  expect(result).toMatchObject({
    status: 'failed',
    feedback: "Expected context key 'n' to hold a list to append to, got 5.",
    context: { n: 5 },
  })
})

test('a parallel node inside a branch merges into its branch first', async () => {
  const inner = parallel('inner', {
    x: sets('x', 'x', 1),
    y: does('y', (context) => context.append('log', 'y')),
  })
  const node = parallel(
    'outer',
    {
      inner,
      z: does('z', (context) => context.append('log', 'z')),
      bad: pipeline('bad', parallel('lost', { w: sets('w', 'w', 1) }), fails('bad', 5)),
    },
    { onBranchFailure: 'ignore' },
  )
  const { result } = await runBranches(node, 1, { context: { log: ['start'] } })
  expect(result.context).toEqual({ log: ['start', 'y', 'z'], x: 1 })
})

test('what a cancelled branch writes late reaches nobody', async () => {
  let late: StepContext['context'] | undefined
  const node = parallel('both', {
    bad: fails('bad', 5),
    deaf: step('deaf', (_: number, ctx) => {
      late = ctx.context
      return new Promise<void>((resolve) => ctx.clock.after(50, 'deaf', resolve))
    }),
  })
  const { result } = await runBranches(node.fallback(step('backup', () => 0)), 1)
  late?.set('k', 'late')
  expect(result.context).toEqual({})
})

/** What a branch does, and when it is done. */
const branchPlan = fc.record({
  ms: fc.nat(5),
  writes: fc.array(fc.record({ key: fc.constantFrom('a', 'b'), value: fc.nat(2) }), { maxLength: 2 }),
  appends: fc.array(fc.nat(9), { maxLength: 3 }),
})

test('the order in which branches end never makes a difference', async () => {
  const strategies = fc.constantFrom('error-on-conflict', 'overwrite', 'keep-first', 'none')
  const property = fc.asyncProperty(
    fc.array(branchPlan, { minLength: 1, maxLength: 4 }),
    fc.array(fc.nat(5), { minLength: 4, maxLength: 4 }),
    strategies,
    async (plans, otherMs, context) => {
      const runWith = async (msOf: (at: number) => number) => {
        const branches = plans.map(({ writes, appends }, at) => {
          const act = (to: StepContext['context']): void => {
            for (const { key, value } of writes) to.set(key, value)
            for (const item of appends) to.append('list', item)
          }
          return [`b${at}`, does(`b${at}`, act, msOf(at))] as const
        })
        const node = parallel('p', Object.fromEntries(branches), { context })
        const { result } = await runBranches(node, 1, { context: { a: 'start' } })
        return [result.status, result.feedback, result.output, result.context, Object.keys(result.context)]
      }
      expect(await runWith((at) => otherMs[at] ?? 0)).toEqual(await runWith((at) => plans[at]?.ms ?? 0))
    },
  )
  await fc.assert(property, { numRuns: casesOf(150, 10_000) })
})
