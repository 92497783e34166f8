import { expect, test } from 'vitest'
import { count, duration, number, problemWords } from '../../../reporters/text/words.ts'

test.each([
  [0, '0 ms'],
  [0.04, '0 ms'],
  [0.35, '0.3 ms'],
  [9.94, '9.9 ms'],
  [9.96, '10 ms'],
  [999.4, '999 ms'],
  [999.6, '1 s'],
  [1_254, '1.25 s'],
  [59_994, '59.99 s'],
  [59_996, '1 min'],
  [185_000, '3 min 5 s'],
  [3_600_000, '1 h'],
])('%d ms reads as %s', (ms, text) => {
  expect(duration(ms)).toBe(text)
})

test('numbers have their thousands apart and nouns their plural', () => {
  expect(number(332_828)).toBe('332,828')
  expect([0, 999, 1_000, 1_234_567].map(number)).toEqual(['0', '999', '1,000', '1,234,567'])
  expect([count(1, 'file'), count(0, 'file'), count(2_000, 'file')]).toEqual([
    '1 file',
    '0 files',
    '2,000 files',
  ])
})

test('a problem of a scenario has one name in every output: its code, or the oracle where the code names none', () => {
  const item = (problems: readonly (readonly [code: string, oracle: string | null])[]) =>
    ({
      problems: problems.map(([code, oracle]) => ({ code, oracle, message: 'x', location: null })),
    }) as never
  const problems = [
    ['E_EXPECT', null],
    ['E_VACUOUS', 'vacuity'],
    ['E_ORACLE', 'mediation'],
  ] as const
  expect(problemWords(item(problems))).toBe('E_EXPECT, E_VACUOUS, mediation')
})
