import { expect, test } from 'vitest'
import { bugs, finder, isTold, tryBug } from './try-bug.ts'

/** The short form of `npm run prove:bugs`: those that load in no time, one per thing that finds them. */
const SHORT: Readonly<Record<string, string>> = {
  'p-timeout-43': 'no-unhandled-rejection',
  'p-queue-241': 'heeds-abort',
  'p-wait-for-27': 'no-orphans',
  'cockatiel-112': 'E_STALL',
  'fetch-retry-29': 'E_LIVELOCK',
  'p-queue-251': 'E_EXPECT',
  'p-retry-82': 'E_EXPECT',
}

test.for(bugs.filter(({ alias }) => alias in SHORT).map((bug) => [bug.alias, bug] as const))(
  'a version with a documented bug is flagged, and the one that mended it is not: %s',
  async ([alias, bug]) => {
    const tried = await tryBug(bug)
    expect(tried.after).toEqual([])
    expect(finder(tried)).toBe(SHORT[alias])
    expect(isTold(tried)).toBe(true)
  },
)

test('a bug that nothing finds, and a mend that is flagged, are not told', async () => {
  const [bug] = bugs
  if (bug === undefined) throw new Error('Expected a bug.')
  const versions = { bug, bad: 'x 1', good: 'x 2' }
  const problem = { code: 'E_STALL', message: 'It never settled.', at: [] }
  expect(isTold({ ...versions, before: [], after: [] })).toBe(false)
  expect(isTold({ ...versions, before: [problem], after: [problem] })).toBe(false)
  expect(isTold({ ...versions, before: [{ ...problem, code: 'E_EXPECT' }], after: [] })).toBe(false)
  expect(isTold({ ...versions, before: [problem], after: [] })).toBe(true)
})

test('each bug has a library of its own in two versions, and a link', () => {
  expect(new Set(bugs.map(({ alias }) => alias)).size).toBe(bugs.length)
  for (const { link } of bugs)
    expect(link).toMatch(/^https:\/\/github\.com\/[^/]+\/[^/]+\/(issues|pull)\/\d+$/)
  expect(bugs.filter(({ by }) => by === 'no expectation').length).toBeGreaterThanOrEqual(8)
})
