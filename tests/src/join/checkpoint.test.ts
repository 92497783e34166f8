import { all, quorum } from 'shakedown'
import { expect, test } from 'vitest'
import { Coalescer } from '../../../src/join/coalescer.ts'

const joins = [
  { name: 'j', branches: ['a', 'b', 'c'], policy: quorum(2, { timeoutMs: 100 }), merge: 'nested' as const },
  { name: 'k', branches: ['a', 'b'], policy: all(), merge: 'nested' as const },
]
const token = (branch: string) => ({ branch, tokenId: `t-${branch}`, value: new Map([[branch, 1]]) })

function waiting(): Coalescer {
  const coalescer = new Coalescer(joins)
  coalescer.arrive('j', 'x', token('a'), 1_000)
  coalescer.lose('j', 'x', { branch: 'b', reason: 'out of ink' }, 1_010)
  coalescer.arrive('k', 'x', token('a'), 1_020)
  coalescer.arrive('k', 'x', token('b'), 1_030)
  return coalescer
}

test('a checkpoint keeps who arrived and is lost, how long ago, and what was resolved', () => {
  const checkpoint = waiting().checkpoint(1_040)
  expect(checkpoint).toEqual({
    version: 1,
    pending: [
      {
        join: 'j',
        item: 'x',
        openForMs: 40,
        arrived: [{ ...token('a'), offsetMs: 0 }],
        lost: [{ branch: 'b', reason: 'out of ink' }],
      },
    ],
    resolved: [['k', 'x']],
    resolvedIncomplete: false,
  })
  // Another process: its clock began elsewhere, and the time in between does not count.
  const restored = Coalescer.restore(joins, structuredClone(checkpoint), 5)
  expect(restored.nextDeadlineMs).toBe(65)
  expect(restored.arrive('k', 'x', token('a'), 6)).toEqual({ late: true, resolved: [] })
  expect(restored.advance(64)).toEqual([])
  expect(restored.arrive('j', 'x', token('c'), 64)).toMatchObject({
    resolved: [
      {
        status: 'merged',
        waitedMs: 99,
        arrived: [
          { ...token('a'), offsetMs: 0 },
          { branch: 'c', offsetMs: 99 },
        ],
        lost: [{ branch: 'b' }],
      },
    ],
  })
})

test('that more was resolved than is remembered survives', () => {
  const small = new Coalescer(joins, { resolvedMax: 1 })
  for (const item of ['x', 'y']) for (const branch of ['a', 'b']) small.arrive('k', item, token(branch), 0)
  const restored = Coalescer.restore(joins, small.checkpoint(0), 0, {
    wasResolved: (_, item) => item === 'x',
  })
  expect(restored.arrive('k', 'x', token('a'), 1).late).toBe(true)
  expect(restored.arrive('k', 'z', token('a'), 1).late).toBe(false)
})

const sound = waiting().checkpoint(1_040)
test.for<[what: string, given: unknown, message: string]>([
  ['another version', { ...sound, version: 2 }, 'of version 1, got 2.'],
  ['no version', null, 'of version 1, got null.'],
  [
    'an unknown join',
    { ...sound, pending: [{ ...sound.pending[0], join: 'q' }] },
    'got one that has a join "q".',
  ],
  ['an unknown resolved join', { ...sound, resolved: [['q', 'x']] }, 'got one that has a join "q".'],
  ['a broken one', { ...sound, pending: [{ join: 'j' }] }, 'got a broken one: pending.0.item'],
])('%s is refused', ([, given, message]) => {
  expect(() => Coalescer.restore(joins, given, 0)).toThrow(
    expect.objectContaining({ code: 'E_JOIN_CHECKPOINT', message: expect.stringContaining(message) }),
  )
})

test('one that says what cannot be true is refused', () => {
  const [pending] = sound.pending
  const twice = {
    ...sound,
    pending: [
      {
        ...pending,
        arrived: [
          { ...token('a'), offsetMs: 0 },
          { ...token('a'), offsetMs: 0 },
        ],
      },
    ],
  }
  expect(() => Coalescer.restore(joins, twice, 0)).toThrow('to arrive once')
  const unknown = { ...sound, pending: [{ ...pending, lost: [{ branch: 'd', reason: '' }] }] }
  expect(() => Coalescer.restore(joins, unknown, 0)).toThrow(`Expected a branch of join 'j'`)
})
