import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { judge, MUTANTS_MIN, SCORE_MIN, type Tried } from './judge.ts'

const root = path.resolve(import.meta.dirname, '../../..')
const fileName = path.join(import.meta.dirname, 'judge.ts')

function tried(status: Tried['status'], count: number): Tried[] {
  const line = readFileSync(fileName, 'utf8')
    .split('\n')
    .findIndex((text) => text.startsWith('export const SCORE_MIN'))
  const location = { start: { line: line + 1, column: 1 }, end: { line: line + 1, column: 7 } }
  return Array.from({ length: count }, () => ({
    fileName,
    status,
    mutatorName: 'Word',
    replacement: 'import',
    location,
  }))
}

test('mutants that tests notice, by failing or by never ending, make the score', () => {
  const results = [...tried('Killed', 500), ...tried('Timeout', 60), ...tried('Survived', 40)]
  expect(judge(results, root)).toEqual({
    ok: true,
    text: expect.stringContaining('600 tried, 560 noticed by a test, 40 not\nScore      93.3 %'),
  })
})

test('one survivor more than the score allows fails', () => {
  const ofThousand = (survived: number): Tried[] => [
    ...tried('Killed', 1000 - survived),
    ...tried('Survived', survived),
  ]
  expect(judge(ofThousand(1000 - SCORE_MIN * 10), root).ok).toBe(true)
  expect(judge(ofThousand(1001 - SCORE_MIN * 10), root).ok).toBe(false)
})

test('a mutant that no test reaches counts as missed; those outside the sample do not count', () => {
  const results = [...tried('Killed', 900), ...tried('NoCoverage', 100), ...tried('CompileError', 5000)]
  expect(judge(results, root)).toEqual({ ok: false, text: expect.stringContaining('Score      90.0 %') })
})

test('too small a sample fails, whatever its score', () => {
  expect(judge(tried('Killed', MUTANTS_MIN), root).ok).toBe(true)
  expect(judge(tried('Killed', MUTANTS_MIN - 1), root)).toEqual({
    ok: false,
    text: expect.stringContaining(`599 mutants, expected at least ${MUTANTS_MIN}`),
  })
  expect(judge([], root).ok).toBe(false)
})

test('a survivor is shown with its place, its text and what it was replaced with', () => {
  const [mutant] = tried('NoCoverage', 1)
  const place = `tests/prove/mutation/judge.ts:${mutant!.location.start.line}:1`
  expect(judge([mutant!], root).text).toMatch(
    new RegExp(`^${place} Word, which no test reaches\n  - export\n  \\+ import\n`),
  )
})
