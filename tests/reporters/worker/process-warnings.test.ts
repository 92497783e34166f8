import { expect, test } from 'vitest'
import { lineProject } from '../support/line-project.ts'
import { LINES } from '../support/run-fixture.ts'
import type { Line } from '../support/run-fixture.ts'

const lines = Object.keys(LINES) as Line[]
const FILES = {
  'a.test.ts': `
    import { test, vi } from 'vitest'
    process.emitWarning('while importing')
    test('warns', () => {
      vi.useFakeTimers()
      for (let n = 0; n < 300; n += 1) process.emitWarning('retry ' + n)
      process.emitWarning('use b', 'DeprecationWarning', 'DEP_A')
    })`,
  'b.test.ts': `
    import { test } from 'vitest'
    test('warns once', () => process.emitWarning('only here'))`,
  'c.test.ts': `
    import { test } from 'vitest'
    test('is quiet', () => {})`,
}

test.each(
  lines.flatMap((line) =>
    ['isolate: true,', 'isolate: false,', `pool: 'threads',`].map((how) => [line, how] as const),
  ),
)('what a process warns of is counted per file, Vitest %s, %s', { timeout: 60_000 }, async (line, how) => {
  using project = lineProject(line, FILES, how, 'whole')
  const run = await project.run()
  expect(run.exitCode).toBe(0)
  const { warnings } = run.report()
  expect(warnings.byFile).toEqual([
    { file: 'a.test.ts', count: 302 },
    { file: 'b.test.ts', count: 1 },
  ])
  expect(warnings.top.map(({ fingerprint, count }) => [fingerprint, count])).toEqual([
    ['Warning: retry #', 300],
    ['DeprecationWarning: use b', 1],
    ['Warning: only here', 1],
    ['Warning: while importing', 1],
  ])
  // A group shows what its warnings have in common, a single one itself.
  expect(run.output).toMatch(/300 ×\s+Warning: retry #/)
})
