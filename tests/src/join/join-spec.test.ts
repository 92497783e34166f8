import { all, bestEffort, first, quorum, select } from 'shakedown'
import { expect, test } from 'vitest'
import { policyName } from '../../../src/join/join-policy.ts'
import { joinProblems } from '../../../src/join/join-spec.ts'

const good = { policy: all(), merge: 'nested', missing: 'fail' }
const problemsOf = (settings: object, branches: readonly string[] = ['a', 'b', 'c']): readonly string[] =>
  joinProblems({ ...good, ...settings }, branches, "parallel 'p'")

test('what can work has no problems', () => {
  for (const policy of [
    all(),
    all({ timeoutMs: 1 }),
    quorum(1),
    quorum(3),
    bestEffort({ timeoutMs: 5 }),
    first(),
  ])
    for (const merge of ['nested', 'union', select('b')])
      for (const missing of ['fail', 'quarantine']) expect(problemsOf({ policy, merge, missing })).toEqual([])
})

test.for<[what: string, settings: object, problem: string]>([
  [
    'a quorum without a count',
    { policy: quorum(undefined as never) },
    "quorum of parallel 'p' to be an integer from 1 to 3, which is how many branches it has, got nothing.",
  ],
  ['a quorum beyond the branches', { policy: quorum(4) }, 'got 4.'],
  ['a quorum of none', { policy: quorum(0) }, 'got 0.'],
  ['half a quorum', { policy: quorum(1.5) }, 'got 1.5.'],
  [
    'best effort without end',
    { policy: bestEffort({} as never) },
    "best-effort join of parallel 'p' to have a `timeoutMs`, got nothing.",
  ],
  [
    'no time at all',
    { policy: all({ timeoutMs: 0 }) },
    "`timeoutMs` of the join of parallel 'p' to be a number above 0, at most 2147483647, got 0.",
  ],
  ['endless time', { policy: quorum(1, { timeoutMs: Infinity }) }, 'got Infinity.'],
  [
    'an option that there is not',
    { policy: all({ timeoutMS: 5 } as never) },
    "Unknown option `timeoutMS` of the join of parallel 'p', which is all.",
  ],
  [
    'a policy that there is not',
    { policy: { policy: 'most' } },
    'to be all(), quorum(count), bestEffort({ timeoutMs }) or first(), got an object.',
  ],
  ['a builder that was not called', { policy: all }, 'got a function.'],
  ['no policy', { policy: undefined }, 'got nothing.'],
  [
    'a merge that there is not',
    { merge: 'deep' },
    "to be 'nested', 'union' or select(branch), got \"deep\".",
  ],
  ['a branch that is not listed', { merge: select('d') }, 'to select one of its branches a, b, c, got "d".'],
  [
    'another fate of the missing',
    { missing: 'drop' },
    "`missing` of parallel 'p' to be 'fail' or 'quarantine', got \"drop\".",
  ],
])('%s is refused', ([, settings, problem]) => {
  const problems = problemsOf(settings)
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(problem)
})

test('fewer than two branches have nothing to wait for', () => {
  expect(problemsOf({}, ['a'])).toEqual(["Expected parallel 'p' to join at least 2 branches, got 1."])
})

test('all mistakes are told at once', () => {
  const problems = problemsOf({ policy: quorum(9, { timeoutMs: -1 }), merge: 'deep', missing: 'drop' })
  expect(problems).toHaveLength(4)
})

test('policies have the names that the audit trail shows', () => {
  expect([all(), quorum(2), bestEffort({ timeoutMs: 5 }), first()].map(policyName)).toEqual([
    'all',
    'quorum(2)',
    'best-effort',
    'first',
  ])
})
