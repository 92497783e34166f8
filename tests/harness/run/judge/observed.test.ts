import { expect, test } from 'vitest'
import { observed } from '../../../../harness/run/judge/observed.ts'
import type { CallerEnd, Departure } from '../../../../harness/scenario/observation.ts'
import { observationOf } from './observation.ts'

const departure: Departure = { atMs: 5, callsBefore: 0, open: [] }
const end = (thrown: CallerEnd['thrown'], left = false): CallerEnd => ({
  path: [],
  abort: undefined,
  settledAtMs: 10,
  output: null,
  thrown,
  departure: left ? departure : null,
})
const fine = end(null)
const left = end({ name: 'AbortError', message: 'left' }, true)
const broken = end({ name: 'TypeError', message: 'no ink' })
const statusOf = (...callers: CallerEnd[]) => observed(observationOf({ callers })).status

test('of several callers, one that failed says more than one that left, and that more than those that were answered', () => {
  expect(statusOf(fine, fine)).toBe('completed')
  expect(statusOf(fine, left)).toBe('cancelled')
  expect(statusOf(fine, left, broken)).toBe('failed')
  expect(observed(observationOf({ callers: [left, broken] }))).toMatchObject({
    feedback: 'no ink',
    error: { name: 'TypeError' },
  })
})
