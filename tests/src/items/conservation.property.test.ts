import fc from 'fast-check'
import { all, bestEffort, first, join, type JoinPolicy, pipeline, quorum, step } from 'shakedown'
import { expect, test } from 'vitest'
import { casesOf, nightly } from '../../support/nightly.ts'
import { runAllInSim } from './all-in-sim.ts'

interface Part {
  readonly order: number
  readonly branch: string
  /** How long it takes to come to the join. */
  readonly ms: number
  readonly fails: boolean
}

const BRANCHES = ['a', 'b', 'c']

const policyArbitrary: fc.Arbitrary<JoinPolicy> = fc.oneof(
  fc.constantFrom(all(), first(), all({ timeoutMs: 10 }), bestEffort({ timeoutMs: 10 })),
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }))
    .map(([count, timeoutMs]) => quorum(count, { timeoutMs })),
)

/** Each order has each of its parts once, in any order and at any time. */
const partsArbitrary: fc.Arbitrary<Part[]> = fc
  .uniqueArray(fc.tuple(fc.nat({ max: 3 }), fc.constantFrom(...BRANCHES)), {
    selector: ([order, branch]) => `${order} ${branch}`,
    maxLength: 12,
  })
  .chain((parts) =>
    fc.tuple(
      ...parts.map(([order, branch]) =>
        fc.record({
          order: fc.constant(order),
          branch: fc.constant(branch),
          ms: fc.nat({ max: 20 }),
          fails: fc.boolean().map((fails) => fails && branch === 'c'),
        }),
      ),
    ),
  )

test(
  'whatever comes when, each join is resolved once, each token has one outcome, and each item a result',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        partsArbitrary,
        policyArbitrary,
        policyArbitrary,
        fc.integer({ min: 1, max: 4 }),
        async (parts, policy, later, concurrency) => {
          const node = pipeline(
            'p',
            step('come', async (part: Part, ctx) => {
              await ctx.sleep(part.ms)
              ctx.meter({ tokens: 1 })
              if (part.fails) throw new Error('out of ink')
              return part
            }),
            join('orders', {
              key: ({ order }: Part) => String(order),
              branch: ({ branch }) => branch,
              branches: BRANCHES,
              policy,
            }),
            join('days', {
              key: () => 'today',
              branch: (whole: object) => `o${Object.values(whole as Record<string, Part>)[0]?.order}`,
              branches: ['o0', 'o1', 'o2', 'o3'],
              policy: later,
            }),
          )
          // Fails by itself when a token is not accounted for, or when the run never ends.
          const { result, joins, audit } = await runAllInSim(node, parts, { concurrency })
          expect(result.totals.items).toBe(parts.length)
          expect(result.items).toHaveLength(parts.length)
          const { completed, failed, coalesced, cancelled } = result.totals
          expect(completed + failed + coalesced + cancelled).toBe(parts.length)
          expect(new Set(joins.map(({ joinGroup }) => joinGroup)).size).toBe(joins.length)
          expect(result.joins.reduce((sum, each) => sum + each.merged + each.failed, 0)).toBe(joins.length)
          // Every token that came to a join came to that one alone, and is at its end there.
          const came = joins.flatMap(({ arrived }) => arrived.map(({ tokenId }) => tokenId))
          expect(new Set(came).size).toBe(came.length)
          const byJoin = audit.records.flatMap((each) =>
            each.kind === 'outcome' && each.joinGroup !== null && each.reason !== 'late_arrival_after_merge'
              ? [each.tokenId]
              : [],
          )
          expect(byJoin.toSorted()).toEqual(came.toSorted())
          expect(result.totals.usage.tokens).toBe(parts.length)
        },
      ),
      { numRuns: casesOf(150, 10_000) },
    )
  },
  nightly ? 900_000 : 30_000,
)
