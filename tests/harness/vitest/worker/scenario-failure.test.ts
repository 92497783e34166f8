import { expect, test } from 'vitest'
import type { Problem } from '../../../../harness/scenario/verdict.ts'
import { failureOf } from '../../../../harness/vitest/worker/scenario-failure.ts'

const source = {
  file: '/p/x (copy).scenario.yaml',
  positions: {
    '': { line: 1, column: 1 },
    '/expect/calls': { line: 7, column: 3 },
    '/faults/http:GET ~1a (b)': { line: 5, column: 3 },
  },
}

function failure(problems: readonly Problem[]) {
  return failureOf({ problems }, source)
}

const mismatch: Problem = {
  code: 'E_EXPECT',
  message: 'Expected 3 calls, got 2.',
  at: ['expect', 'calls', 'fn:save'],
  expected: 3,
  actual: 2,
}
const vacuous: Problem = {
  code: 'E_VACUOUS',
  message: 'Expected the fault to fire.',
  at: ['faults', 'http:GET /a (b)'],
}

test('a single problem is the message, its place the top frame, its values the diff', () => {
  const error = failure([mismatch])
  expect(error.message).toBe('Expected 3 calls, got 2.')
  expect(error.stack?.split('\n').slice(1)).toEqual([
    '    at expect.calls.fn:save (/p/x (copy).scenario.yaml:7:3)',
  ])
  expect(error).toMatchObject({ expected: 3, actual: 2, showDiff: true })
})

test('several problems are numbered, each with its code and its frame', () => {
  const error = failure([vacuous, mismatch])
  expect(error.message).toBe(
    '2 checks failed.\n1. Expected the fault to fire. (E_VACUOUS)\n2. Expected 3 calls, got 2.',
  )
  expect(error.stack?.split('\n').slice(-2)).toEqual([
    '    at faults.http:GET /a b (/p/x (copy).scenario.yaml:5:3)',
    '    at expect.calls.fn:save (/p/x (copy).scenario.yaml:7:3)',
  ])
  expect(error).toMatchObject({ expected: 3, actual: 2 })
})

test('without a mismatch there is no diff, and nothing that would print as one', () => {
  const error = failure([vacuous])
  expect(error.showDiff).toBeUndefined()
  expect(Object.keys(error)).not.toContain('expected')
})

test('a violated oracle is told by its name', () => {
  const error = failure([
    { code: 'E_ORACLE', oracle: 'original-input', message: 'It got something else.', at: [] },
  ])
  expect(error.message).toBe('It got something else. (E_ORACLE original-input)')
})

test('a scenario that a table made tells which row of it', () => {
  const row = { number: 2, at: { line: 12, column: 5 }, table: 'orders' }
  const error = failureOf({ problems: [mismatch] }, { ...source, row })
  expect(error.message).toBe('Expected 3 calls, got 2. (Row 2 of `with`, line 12.)')
})

test('a hundred problems leave ten frames', () => {
  const error = failure(Array.from({ length: 100 }, () => mismatch))
  expect(error.stack?.split('\n').filter((line) => line.startsWith('    at '))).toHaveLength(10)
})
