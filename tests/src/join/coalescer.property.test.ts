import fc from 'fast-check'
import { all, bestEffort, first, type JoinMerge, type JoinPolicy, quorum, select } from 'shakedown'
import { expect, test } from 'vitest'
import { Coalescer, type Told } from '../../../src/join/coalescer.ts'
import { JoinInvariantError } from '../../../src/join/invariant-error.ts'
import type { JoinSpec } from '../../../src/join/join-spec.ts'
import type { Resolution } from '../../../src/join/resolution.ts'
import { casesOf, nightly } from '../../support/nightly.ts'
import { brings, expected, type Said } from './model.ts'

/** One thing that is told to the coalescer, so long after the one before it. */
interface Act {
  readonly kind: 'open' | 'arrive' | 'lose' | 'advance' | 'carry on'
  readonly join: number
  readonly item: string
  readonly branch: number
  readonly afterMs: number
}

const BRANCHES = ['c', 'a', 'd', 'b']

const timeoutMs = fc.integer({ min: 1, max: 9 })
const withTimeout = fc.option(timeoutMs, { nil: undefined })

const policyFor = (branches: number): fc.Arbitrary<JoinPolicy> =>
  fc.oneof(
    withTimeout.map((limit) => all({ timeoutMs: limit })),
    fc
      .tuple(fc.integer({ min: 1, max: branches }), withTimeout)
      .map(([count, limit]) => quorum(count, { timeoutMs: limit })),
    timeoutMs.map((limit) => bestEffort({ timeoutMs: limit })),
    fc.constant(first()),
  )

const joinArbitrary: fc.Arbitrary<Omit<JoinSpec, 'name'>> = fc.integer({ min: 2, max: 4 }).chain((count) => {
  const branches = BRANCHES.slice(0, count)
  const merge: fc.Arbitrary<JoinMerge> = fc.constantFrom<JoinMerge[]>(
    'nested',
    'union',
    ...branches.map(select),
  )
  return fc.record({ branches: fc.constant(branches), policy: policyFor(count), merge })
})

const actArbitrary: fc.Arbitrary<Act> = fc.record({
  kind: fc.constantFrom('arrive', 'arrive', 'arrive', 'lose', 'advance', 'open', 'carry on'),
  join: fc.nat({ max: 1 }),
  item: fc.constantFrom('x', 'y'),
  branch: fc.nat({ max: 3 }),
  afterMs: fc.integer({ min: 0, max: 4 }),
})

/** What one schedule did, by join and item. */
interface Played {
  readonly said: Map<string, Said[]>
  readonly resolved: Map<string, Resolution[]>
  /** What disagreed at once. */
  readonly wrong: readonly string[]
  readonly pending: number
}

/** Plays a schedule; a second word on a branch must be an error, unless its join is resolved. */
function play(joins: readonly JoinSpec[], acts: readonly Act[]): Played {
  const said = new Map<string, Said[]>()
  const resolved = new Map<string, Resolution[]>()
  const wrong: string[] = []
  const keys = joins.flatMap(({ name }) => ['x', 'y'].map((item) => `${name} ${item}`))
  for (const key of keys) {
    said.set(key, [])
    resolved.set(key, [])
  }
  let coalescer = new Coalescer(joins)
  let nowMs = 100
  const note = (resolutions: readonly Resolution[]): void => {
    for (const each of resolutions) resolved.get(`${each.join.name} ${each.item}`)!.push(each)
  }
  for (const { kind, join, item, branch: index, afterMs } of acts) {
    nowMs += afterMs
    const spec = joins[join]!
    const key = `${spec.name} ${item}`
    const branch = spec.branches[index % spec.branches.length]!
    const known = said.get(key)!
    const isDone = resolved.get(key)!.length > 0
    const second = known.some((each) => 'branch' in each && each.branch === branch)
    const limitMs = 'timeoutMs' in spec.policy ? (spec.policy.timeoutMs ?? Infinity) : Infinity
    const overdue = known.length > 0 && nowMs - known[0]!.atMs >= limitMs
    if (kind === 'open') {
      coalescer.open(spec.name, item, nowMs)
      if (known.length === 0) known.push({ kind: 'opened', atMs: nowMs })
    } else if (kind === 'advance') {
      note(coalescer.advance(nowMs))
      for (const each of keys)
        if (said.get(each)!.length > 0) said.get(each)!.push({ kind: 'looked', atMs: nowMs })
    } else if (kind === 'carry on') {
      // Another process, whose clock is elsewhere and whose time in between does not count.
      const checkpoint = structuredClone(coalescer.checkpoint(nowMs))
      coalescer = Coalescer.restore(joins, checkpoint, nowMs)
    } else {
      const tell = (): Told =>
        kind === 'arrive'
          ? coalescer.arrive(
              spec.name,
              item,
              { branch, tokenId: `${key} ${branch}`, value: brings(branch) },
              nowMs,
            )
          : coalescer.lose(spec.name, item, { branch, reason: 'gone' }, nowMs)
      if (second && !isDone && !overdue) {
        if (!isRefused(tell)) wrong.push(`a second word on ${key} ${branch} was taken`)
        continue
      }
      const told = tell()
      if (told.late !== (isDone || overdue)) wrong.push(`${key} ${branch} was ${told.late ? '' : 'not '}late`)
      known.push({ kind: kind === 'arrive' ? 'arrived' : 'lost', branch, atMs: nowMs })
      note(told.resolved)
    }
  }
  note(coalescer.flush(nowMs))
  for (const each of said.values()) each.push({ kind: 'ended', atMs: nowMs })
  return { said, resolved, wrong, pending: coalescer.pending }
}

function isRefused(act: () => unknown): boolean {
  try {
    act()
    return false
  } catch (thrown) {
    return thrown instanceof JoinInvariantError
  }
}

test(
  'over any schedule, each join comes to what the table of policies says, once, and nothing is left',
  () => {
    const schedule = fc.tuple(
      fc.tuple(joinArbitrary, joinArbitrary),
      fc.array(actArbitrary, { maxLength: 24 }),
    )
    fc.assert(
      fc.property(schedule, ([drafts, acts]) => {
        const joins = drafts.map((draft, index) => ({ ...draft, name: `j${index}` }))
        const { said, resolved, wrong, pending } = play(joins, acts)
        expect(wrong).toEqual([])
        expect(pending).toBe(0)
        for (const [key, resolutions] of resolved) {
          const { branches, policy, merge } = joins.find(({ name }) => key.startsWith(name))!
          const wanted = expected(branches, policy, merge, said.get(key)!)
          expect(resolutions.map(asExpected)).toEqual(wanted === undefined ? [] : [wanted])
        }
      }),
      { numRuns: casesOf(4_000, 100_000) },
    )
  },
  nightly ? 600_000 : 30_000,
)

function asExpected({
  status,
  reason,
  resolvedMs,
  waitedMs,
  timeoutMs: limit,
  ...rest
}: Resolution): unknown {
  return {
    status,
    reason,
    resolvedMs,
    waitedMs,
    timeoutMs: limit,
    arrived: rest.arrived.map(({ branch, offsetMs }) => [branch, offsetMs]),
    lost: rest.lost.map(({ branch }) => branch),
    missing: rest.missing,
    output: rest.output,
  }
}

test(
  'every branch is accounted for: it arrived, is lost, or is missing, and in no two of them',
  () => {
    fc.assert(
      fc.property(joinArbitrary, fc.array(actArbitrary, { maxLength: 16 }), (draft, acts) => {
        const joins = [
          { ...draft, name: 'j0' },
          { ...draft, name: 'j1' },
        ]
        for (const [resolution] of play(joins, acts).resolved.values()) {
          if (resolution === undefined) continue
          const { arrived, lost, missing } = resolution
          const named = [
            ...arrived.map(({ branch }) => branch),
            ...lost.map(({ branch }) => branch),
            ...missing,
          ]
          expect(named.toSorted()).toEqual(draft.branches.toSorted())
        }
      }),
      { numRuns: casesOf(1_000, 100_000) },
    )
  },
  nightly ? 600_000 : 30_000,
)

test('whatever the order in which branches come and go, a join is resolved once and late ones are told so', () => {
  const branches = ['a', 'b', 'c']
  const policies = [all(), quorum(1), quorum(2), quorum(3), bestEffort({ timeoutMs: 1 }), first()]
  for (const order of permutations(branches))
    for (let fates = 0; fates < 2 ** branches.length; fates++)
      for (const policy of policies) {
        const coalescer = new Coalescer([{ name: 'j', branches, policy, merge: 'nested' }])
        const told = order.map((branch, index) =>
          ((fates >> index) & 1) === 1
            ? coalescer.arrive('j', 'x', { branch, tokenId: branch, value: 1 }, 0)
            : coalescer.lose('j', 'x', { branch, reason: 'gone' }, 0),
        )
        const at = told.findIndex(({ resolved }) => resolved.length > 0)
        expect(told.map(({ late }) => late)).toEqual(order.map((_, index) => at >= 0 && index > at))
        expect(told.flatMap(({ resolved }) => resolved)).toHaveLength(1)
        expect(coalescer.flush(0)).toEqual([])
      }
})

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => rest.toSpliced(0, 0, item)),
  )
}
