import { expect, test } from 'vitest'
import { formatMoment, parseMoment } from '../../../reporters/text/moment.ts'

const now = Date.UTC(2026, 10, 20, 12)

test.each([
  ['45s', now - 45_000],
  ['30m', now - 1_800_000],
  ['2h', now - 7_200_000],
  ['7d', now - 604_800_000],
  ['1w', now - 604_800_000],
  ['2026-11-20T10:00:00Z', now - 7_200_000],
])('%s is a moment', (text, wallMs) => {
  expect(parseMoment(text, now)).toBe(wallMs)
})

test.each(['', 'yesterday', '2', 'h', '2 h', '-2h', '2026-13-40', '1e9s', '99999999999d'])(
  '%j is none',
  (text) => {
    expect(() => parseMoment(text, now)).toThrow('Expected `--since` to be an age such as 30m, 2h or 7d')
  },
)

test('a moment is written in local time, sortable as text', () => {
  expect(formatMoment(new Date(2026, 0, 2, 3, 4, 5).getTime())).toBe('2026-01-02 03:04:05')
})
