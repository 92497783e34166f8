import { all, bestEffort, first, quorum } from 'shakedown'
import { expect, test } from 'vitest'
import { Coalescer, type CoalescerOptions } from '../../../src/join/coalescer.ts'
import type { JoinSpec } from '../../../src/join/join-spec.ts'

const join = (spec: Partial<JoinSpec> = {}): JoinSpec => ({
  name: 'j',
  branches: ['a', 'b', 'c'],
  policy: all(),
  merge: 'nested',
  ...spec,
})
const coalescerOf = (spec?: Partial<JoinSpec>, options?: CoalescerOptions): Coalescer =>
  new Coalescer([join(spec)], options)
const token = (branch: string, value: unknown = branch.toUpperCase()) => ({
  branch,
  tokenId: `t-${branch}`,
  value,
})

test('a join says who arrived with what and when, who is missing, and how long it waited', () => {
  const coalescer = coalescerOf({ policy: quorum(2) })
  coalescer.open('j', 'x', 1_000)
  expect(coalescer.arrive('j', 'x', token('c'), 1_010)).toEqual({ late: false, resolved: [] })
  const { resolved } = coalescer.arrive('j', 'x', token('a'), 1_050)
  expect(resolved).toEqual([
    {
      join: join({ policy: quorum(2) }),
      item: 'x',
      status: 'merged',
      reason: null,
      by: 'branch',
      arrived: [
        { ...token('c'), offsetMs: 10 },
        { ...token('a'), offsetMs: 50 },
      ],
      missing: ['b'],
      lost: [],
      openedMs: 1_000,
      resolvedMs: 1_050,
      waitedMs: 40,
      timeoutMs: null,
      output: { a: 'A', c: 'C' },
      collisions: {},
    },
  ])
  expect(Object.keys(resolved[0]?.output as object)).toEqual(['a', 'c'])
})

test('a time limit fires when so much time has gone by, not before, and only then is it named', () => {
  const coalescer = coalescerOf({ policy: all({ timeoutMs: 100 }) })
  coalescer.arrive('j', 'x', token('a'), 50)
  expect(coalescer.nextDeadlineMs).toBe(150)
  expect(coalescer.advance(149.999)).toEqual([])
  expect(coalescer.advance(150)).toMatchObject([
    { reason: 'incomplete_branches', timeoutMs: 100, waitedMs: 100, missing: ['b', 'c'], by: 'timeout' },
  ])
  expect(coalescer.nextDeadlineMs).toBeUndefined()
  coalescer.arrive('j', 'y', token('a'), 200)
  expect(coalescer.flush(210)).toMatchObject([{ reason: 'incomplete_branches', timeoutMs: null, by: 'end' }])
})

test('a join at which nothing arrives at all is resolved, too', () => {
  const coalescer = coalescerOf({ policy: bestEffort({ timeoutMs: 5 }) })
  coalescer.open('j', 'x', 0)
  expect(coalescer.advance(5)).toMatchObject([
    {
      reason: 'best_effort_timeout_no_arrivals',
      arrived: [],
      missing: ['a', 'b', 'c'],
      timeoutMs: 5,
      waitedMs: 5,
    },
  ])
  const fastest = coalescerOf({ policy: first() })
  for (const branch of ['a', 'b']) fastest.lose('j', 'x', { branch, reason: 'out of ink' }, 1)
  expect(fastest.lose('j', 'x', { branch: 'c', reason: 'out of ink' }, 2).resolved).toMatchObject([
    {
      reason: 'all_branches_lost',
      lost: [{ branch: 'a' }, { branch: 'b' }, { branch: 'c', reason: 'out of ink' }],
    },
  ])
})

test('a token that comes at the moment its time is over is late, whoever is heard first', () => {
  const coalescer = coalescerOf({ policy: quorum(2, { timeoutMs: 10 }) })
  coalescer.arrive('j', 'x', token('a'), 0)
  const told = coalescer.arrive('j', 'x', token('b'), 10)
  expect(told).toMatchObject({ late: true, resolved: [{ reason: 'quorum_not_met_at_timeout' }] })
  expect(coalescer.arrive('j', 'x', token('c'), 11)).toEqual({ late: true, resolved: [] })
})

test('a union names each field that several branches gave, with what each gave', () => {
  const coalescer = coalescerOf({ merge: 'union', branches: ['a', 'b', 'c'] })
  coalescer.arrive('j', 'x', token('c', { by: 'c', n: 3 }), 0)
  coalescer.arrive('j', 'x', token('b', { by: 'b', ['__proto__']: 1 }), 0)
  const { resolved } = coalescer.arrive('j', 'x', token('a', { by: 'a', m: 1 }), 0)
  expect(resolved).toMatchObject([
    { output: { by: 'c', m: 1, n: 3 }, collisions: { by: { a: 'a', b: 'b', c: 'c' } } },
  ])
  expect(Object.keys(resolved[0]!.collisions)).toEqual(['by'])
})

test.for([[1], ['text'], [null], [new Map()], [[1, 2]]])(
  'a union of what has no fields fails: %o',
  ([value]) => {
    const coalescer = coalescerOf({ merge: 'union', policy: quorum(1) })
    expect(coalescer.arrive('j', 'x', token('b', value), 0).resolved).toMatchObject([
      { status: 'failed', reason: 'union_of_no_object:b', output: undefined },
    ])
  },
)

test('what cannot be true is an error: it is no failure of the work', () => {
  const coalescer = coalescerOf()
  coalescer.arrive('j', 'x', token('a'), 0)
  coalescer.lose('j', 'y', { branch: 'a', reason: 'out of ink' }, 0)
  const wrong: readonly (readonly [() => unknown, string])[] = [
    [
      () => coalescer.arrive('j', 'x', { ...token('a'), tokenId: 't-2' }, 1),
      "Expected branch 'a' of join 'j' (all) to arrive once for item 'x', and not after it arrived (token t-a); got token t-2.",
    ],
    [
      () => coalescer.lose('j', 'x', { branch: 'a', reason: 'out of ink' }, 1),
      "Expected branch 'a' of join 'j' (all) to be lost once for item 'x', and not after it arrived (token t-a); got out of ink.",
    ],
    [() => coalescer.arrive('j', 'x', token('d'), 1), `Expected a branch of join 'j' (a, b, c), got "d".`],
    [
      () => coalescer.lose('j', 'x', { branch: 'd', reason: '' }, 1),
      `Expected a branch of join 'j' (a, b, c), got "d".`,
    ],
    [() => coalescer.arrive('k', 'x', token('a'), 1), 'Expected one of the joins j, got "k".'],
    [() => coalescer.open('k', 'x', 1), 'Expected one of the joins j, got "k".'],
  ]
  for (const [act, message] of wrong)
    expect(act).toThrow(
      expect.objectContaining({ name: 'JoinInvariantError', message: expect.stringContaining(message) }),
    )
})

test('what was resolved long ago is forgotten, once said so, and then asked of whoever keeps the record', () => {
  let forgotten = 0
  const asked: string[] = []
  const coalescer = coalescerOf(
    { policy: first() },
    {
      resolvedMax: 2,
      onForgotten: () => forgotten++,
      wasResolved: (name, item) => {
        asked.push(`${name} ${item}`)
        return item === 'x1'
      },
    },
  )
  const come = (item: string) => coalescer.arrive('j', item, token('a'), 0)
  come('x1')
  come('x2')
  expect(asked).toEqual([])
  come('x3')
  come('x4')
  expect(forgotten).toBe(1)
  expect(come('x4').late).toBe(true)
  expect(come('x1').late).toBe(true)
  expect(come('x5')).toMatchObject({ late: false })
  expect(asked).toEqual(['j x4', 'j x1', 'j x5'])
})

test('an abandoned join fails for the reason given', () => {
  const coalescer = coalescerOf()
  coalescer.arrive('j', 'x', token('a'), 0)
  expect(coalescer.abandon('run_cancelled', 5)).toMatchObject([
    { status: 'failed', reason: 'run_cancelled', by: 'abandoned', missing: ['b', 'c'], waitedMs: 5 },
  ])
  expect(coalescer.pending).toBe(0)
})

test('what waits at a later join is not flushed with an earlier one', () => {
  const coalescer = new Coalescer([join(), join({ name: 'k' })])
  coalescer.arrive('k', 'x', token('a'), 0)
  coalescer.arrive('j', 'x', token('a'), 0)
  expect(coalescer.firstPending).toBe('j')
  expect(coalescer.flush(1, 'j')).toMatchObject([{ join: { name: 'j' } }])
  expect(coalescer.firstPending).toBe('k')
})
