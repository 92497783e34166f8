import { parallel, pipeline, step } from 'shakedown'
import { expect, test } from 'vitest'
import { deaf, fails, runBranches, wait } from './running.ts'

test('branches run at once, each as a token of its own, and the run carries on as a token that joins them', async () => {
  const node = pipeline(
    'p',
    parallel('both', { slow: wait('b', 40), fast: wait('a', 10) }),
    step('sum', ({ fast, slow }) => fast + slow),
  )
  const { result, audit, fates, joins, endedAtMs } = await runBranches(node, 1)
  expect(result).toMatchObject({ status: 'completed', output: 52, attempts: 3, latencyMs: 40 })
  expect(endedAtMs).toBe(40)
  const both = result.children['both']
  expect(both).toMatchObject({
    status: 'completed',
    attempts: 2,
    latencyMs: 40,
    feedback: null,
    metadata: {},
  })
  expect(Object.entries(both?.output ?? {})).toEqual([
    ['slow', 41],
    ['fast', 11],
  ])
  expect(Object.keys(both?.children ?? {})).toEqual(['slow', 'fast'])
  expect(fates).toEqual([
    ['t1', 'forked'],
    ['t2', 'coalesced'],
    ['t3', 'coalesced'],
    ['t4', 'completed'],
  ])
  const attempts = audit.records.flatMap((record) =>
    record.kind === 'attempt' ? [[record.tokenId, record.path, record.startedAtMs, record.latencyMs]] : [],
  )
  expect(attempts).toEqual([
    ['t3', 'p/both/fast', 0, 10],
    ['t2', 'p/both/slow', 0, 40],
    ['t4', 'p/sum', 40, 0],
  ])
  expect(audit.records.filter((record) => record.kind === 'token')).toMatchObject([
    { tokenId: 't1', parentIds: [], branch: null },
    { tokenId: 't2', parentIds: ['t1'], branch: 'slow' },
    { tokenId: 't3', parentIds: ['t1'], branch: 'fast' },
    { tokenId: 't4', parentIds: ['t2', 't3'], branch: null },
  ])
  const outcomes = audit.records.flatMap((record) =>
    record.kind === 'outcome' ? [[record.tokenId, record.joinGroup]] : [],
  )
  expect(outcomes).toEqual([
    ['t1', null],
    ['t2', 't1 p/both'],
    ['t3', 't1 p/both'],
    ['t4', null],
  ])
  expect(joins).toMatchObject([
    {
      joinGroup: 't1 p/both',
      path: 'p/both',
      policy: 'all',
      status: 'merged',
      tokenId: 't4',
      arrived: [
        { branch: 'fast', tokenId: 't3', atMs: 10 },
        { branch: 'slow', tokenId: 't2', atMs: 40 },
      ],
      missing: [],
      lost: [],
      waitedMs: 30,
      timeoutMs: null,
      reason: null,
      input: { slow: 41, fast: 11 },
      output: { slow: 41, fast: 11 },
    },
  ])
  expect(audit.conservation()).toMatchObject({ ok: true, tokens: 4, outcomes: 4 })
})

test('cancel: a branch that fails cancels its siblings alone, which are waited for', async () => {
  let after = 0
  const node = pipeline(
    'p',
    step('first', (n: number) => n),
    parallel('three', {
      done: wait('done', 5),
      bad: fails('bad', 10),
      deaf: pipeline(
        'deaf',
        deaf('works on', 500),
        step('never', () => after++),
      ),
    }),
    step('last', () => after++),
  )
  const { result, fates, joins, endedAtMs, audit } = await runBranches(node, 1)
  const feedback = "branch 'bad' failed: bad is out of ink"
  expect(result).toMatchObject({
    status: 'failed',
    output: undefined,
    feedback,
    attempts: 4,
    latencyMs: 500,
    error: {
      name: 'BranchFailedError',
      code: 'E_BRANCH_FAILED',
      cause: { name: 'Error', message: 'bad is out of ink' },
    },
    children: {
      three: {
        children: {
          done: { status: 'completed', output: 6 },
          bad: { status: 'failed', feedback: 'bad is out of ink' },
          deaf: { status: 'cancelled', attempts: 1, feedback: "Cancelled: branch 'bad' failed" },
        },
      },
    },
  })
  expect(after).toBe(0)
  expect(endedAtMs).toBe(500)
  expect(fates).toEqual([
    ['t1', 'forked'],
    ['t2', 'failed'],
    ['t3', 'failed'],
    ['t4', 'cancelled'],
    ['t5', 'failed'],
  ])
  expect(joins).toMatchObject([
    {
      status: 'failed',
      tokenId: 't5',
      arrived: [{ branch: 'done', tokenId: 't2', atMs: 5 }],
      lost: [
        { branch: 'bad', reason: 'bad is out of ink' },
        { branch: 'deaf', reason: "Cancelled: branch 'bad' failed" },
      ],
      reason: feedback,
      input: { done: 6 },
      output: undefined,
    },
  ])
  const arrived = audit.records.find((record) => record.kind === 'outcome' && record.tokenId === 't2')
  expect(arrived).toMatchObject({ reason: feedback, joinGroup: 't1 p/three' })
  expect(audit.conservation().ok).toBe(true)
})

test('cancel: what does not settle in time is abandoned, and said so; branches are waited for at once', async () => {
  const node = parallel('three', {
    bad: fails('bad', 100),
    deaf: deaf('works on', 90_000),
    deafer: deaf('works on and on', 95_000),
  })
  const { events, endedAtMs, result } = await runBranches(node, 1)
  expect(endedAtMs).toBe(30_100)
  expect(result.latencyMs).toBe(30_100)
  expect(events).toMatchObject([
    {
      event: 'abandoned',
      path: 'three',
      tokenId: 't3',
      atMs: 30_100,
      detail: { branch: 'deaf', abandoned: 1 },
    },
    { event: 'abandoned', path: 'three', tokenId: 't4', detail: { branch: 'deafer', abandoned: 1 } },
    { event: 'late', path: 'three/deaf' },
    { event: 'late', path: 'three/deafer' },
  ])
})

test('settleMs: 0 waits for nobody, and an own limit is kept to the millisecond', async () => {
  for (const settleMs of [0, 70]) {
    const node = parallel('both', { bad: fails('bad', 0), deaf: deaf('deaf', 100) }, { settleMs })
    const { events, endedAtMs } = await runBranches(node, 1)
    expect(endedAtMs).toBe(settleMs)
    expect(events.map(({ event }) => event)).toEqual(['abandoned', 'late'])
  }
})

test('a function that a timeout left running is not waited for where nothing was cancelled', async () => {
  const impatient = step(
    'impatient',
    (_: number, ctx) => new Promise<number>((resolve) => ctx.clock.after(9_000, 'slow', () => resolve(1))),
    { timeoutMs: 10 },
  ).fallback(step('backup', () => 2))
  const { result, endedAtMs } = await runBranches(parallel('both', { impatient, fast: wait('fast', 5) }), 1)
  expect(result.output).toEqual({ impatient: 2, fast: 6 })
  expect(endedAtMs).toBe(10)
})

test('collect: the others finish, then the node fails with the result of every branch', async () => {
  const node = parallel(
    'three',
    { a: wait('a', 40), b: fails('b', 0), c: fails('c', 20) },
    { onBranchFailure: 'collect' },
  )
  const { result, fates, endedAtMs } = await runBranches(node, 1)
  expect(endedAtMs).toBe(40)
  expect(result).toMatchObject({
    status: 'failed',
    output: undefined,
    feedback: "2 of 3 branches failed: 'b': b is out of ink; 'c': c is out of ink",
    error: {
      name: 'AggregateError',
      errors: [{ message: 'b is out of ink' }, { message: 'c is out of ink' }],
    },
    children: { a: { status: 'completed', output: 41 }, b: { status: 'failed' }, c: { status: 'failed' } },
  })
  expect(fates.map(([, fate]) => fate)).toEqual(['forked', 'failed', 'failed', 'failed', 'failed'])
})

test('the reasons of ten branches are given, the others are counted', async () => {
  const branches = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`b${at}`, fails(`b${at}`, 0)]))
  const { result } = await runBranches(parallel('many', branches, { onBranchFailure: 'collect' }), 1)
  expect(result.feedback).toMatch(
    /^12 of 12 branches failed: 'b0': b0 is out of ink; .*'b9': .*; and 2 more$/u,
  )
  expect(result.error?.errors).toHaveLength(12)
})

test('ignore: the node completes with what the others gave, and names who failed', async () => {
  const node = parallel(
    'three',
    { a: wait('a', 40), b: fails('b', 0), c: wait('c', 20) },
    { onBranchFailure: 'ignore' },
  )
  const { result, fates, joins, endedAtMs } = await runBranches(node, 1)
  expect(endedAtMs).toBe(40)
  expect(result).toMatchObject({
    status: 'completed',
    feedback: null,
    metadata: { ignoredBranches: ['b'] },
    children: { b: { status: 'failed' } },
  })
  expect(result.output).toEqual({ a: 41, c: 21 })
  expect(fates).toEqual([
    ['t1', 'forked'],
    ['t2', 'coalesced'],
    ['t3', 'failed'],
    ['t4', 'coalesced'],
    ['t5', 'completed'],
  ])
  expect(joins).toMatchObject([
    { policy: 'best-effort', status: 'merged', lost: [{ branch: 'b', reason: 'b is out of ink' }] },
  ])
})

test('ignore: a node all of whose branches failed has failed', async () => {
  const node = parallel('both', { a: fails('a', 0), b: fails('b', 9) }, { onBranchFailure: 'ignore' })
  const { result } = await runBranches(node, 1)
  expect(result).toMatchObject({
    status: 'failed',
    feedback: "2 of 2 branches failed: 'a': a is out of ink; 'b': b is out of ink",
  })
})

test.for(['cancel', 'collect', 'ignore'] as const)('%s: one branch alone fails its node', async (mode) => {
  const { result } = await runBranches(parallel('one', { b: fails('b', 0) }, { onBranchFailure: mode }), 1)
  expect(result).toMatchObject({ status: 'failed', feedback: "branch 'b' failed: b is out of ink" })
})
