import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { filesOfMutants, rank } from './nearest-first.ts'

const MUTATED = 'harness/world/work/holds.ts'

test("a mutated file's own tests come first, then those of its folder, then those further away", () => {
  const files = [
    'tests/harness/run/judge/equal.test.ts',
    'tests/harness/world/pins.test.ts',
    'tests/harness/world/work/work.test.ts',
    'tests/harness/world/work/holds.test.ts',
  ]
  const ranks = files.map((file) => rank(file, MUTATED))
  expect(ranks).toEqual(ranks.toSorted((one, other) => other - one))
  expect(new Set(ranks).size).toBe(files.length)
})

test('what disturbs the tests after it comes last, and what those before it disturb first, even the own tests', () => {
  expect(
    rank('tests/harness/world/work/http-clients.test.ts', 'harness/world/work/http-clients.ts'),
  ).toBeGreaterThan(rank('tests/harness/run/judge/equal.test.ts', MUTATED))
  expect(rank('tests/harness/run/judge/end-problem.test.ts', MUTATED)).toBeLessThan(
    rank('tests/harness/world/work/holds.test.ts', MUTATED),
  )
  expect(rank('tests/harness/run/judge/runaway.test.ts', undefined)).toBeGreaterThan(
    rank('tests/harness/run/hostile-subjects.test.ts', undefined),
  )
})

test('the file of a mutant is read from where Stryker asks for it', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'mutants-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  writeFileSync(path.join(root, 'a.ts'), 'stryMutAct_9fa48("7") ? {} : stryMutAct_9fa48("18") ? f("5") : x')
  writeFileSync(path.join(root, 'b.ts'), 'stryMutAct_9fa48("19")')
  writeFileSync(path.join(root, 'c.md'), 'stryMutAct_9fa48("20")')
  expect(filesOfMutants(root, ['*.ts'])).toEqual(
    new Map([
      ['7', 'a.ts'],
      ['18', 'a.ts'],
      ['19', 'b.ts'],
    ]),
  )
})
