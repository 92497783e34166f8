import { expect, test } from 'vitest'
import { comparisonIn, mismatch, tooSlow } from '../../../../harness/run/judge/check.ts'

test('a problem that is a comparison comes apart into what was compared and what else is said', () => {
  const parts = { what: 'calls.fn:save', expected: '2', received: '3' }
  expect(comparisonIn(mismatch(['calls', 'fn:save'], 2, 3))).toEqual({ ...parts, detail: '' })
  expect(comparisonIn(mismatch(['calls', 'fn:save'], 2, 3, 'It was called 3×.'))).toEqual({
    ...parts,
    detail: 'It was called 3×.',
  })
})

test('a problem of another kind is no comparison: of an oracle, without values, or in other words', () => {
  const { at: _, ...comparison } = mismatch(['status'], 'completed', 'failed')
  expect(comparisonIn({ ...comparison, at: ['faults'] })).toBeUndefined()
  expect(comparisonIn({ code: 'E_EXPECT', message: comparison.message, at: ['expect'] })).toBeUndefined()
  expect(comparisonIn(tooSlow(['feedback'], { matches: 'x' }, 'text'))).toBeUndefined()
})

test('of a text that took too long its length is told, of anything else only what it is', () => {
  expect(tooSlow(['feedback'], { matches: 'x' }, 'text').message).toContain(
    'got no answer from {"matches":"x"} for a text of 4 characters: "text". Write it',
  )
  expect(tooSlow(['output'], { matches: 'x' }, { a: 1 }).message).toContain('for {"a":1}. Write it')
})
