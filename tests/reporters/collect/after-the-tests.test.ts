import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { buildReport } from '../../../reporters/analyse/build-report.ts'
import { readJournal } from '../../../reporters/journal/reader.ts'
import { lineProject } from '../support/line-project.ts'
import { LINES } from '../support/run-fixture.ts'
import type { Line } from '../support/run-fixture.ts'

/** A real Vitest starts in about a second; on a busy machine in a few. */
const RUN_MS = 60_000
const lines = Object.keys(LINES) as Line[]

const PASSES = "import { test } from 'vitest'\ntest('passes', () => {})"
const FAILS = "import { test } from 'vitest'\ntest('fails', () => { throw new Error('no') })"
const STRAYS = `import { test } from 'vitest'
test('strays', async () => {
  void Promise.reject(new Error('stray'))
  await new Promise((go) => setImmediate(go))
})`

/** What fails a plain \`vitest run\` after its tests, with what its report says then. */
const REASONS = [
  [
    'a teardown that throws',
    "export const teardown = () => { throw new Error('the broker would not stop, password=hunter2') }",
    'the broker would not stop, password=[redacted]',
  ],
  [
    'a teardown that sets an exit code',
    'export const teardown = () => { process.exitCode = 3 }',
    'Vitest ended with exit code 3 after its tests.',
  ],
  [
    'an error that nothing catches',
    "export const teardown = () => new Promise(() => setTimeout(() => { throw new Error('a late timer') }, 1))",
    'a late timer',
  ],
] as const

/** Vitest 4.1 prints the first one and ends with 0. */
const FAILING = lines.flatMap((line) =>
  REASONS.slice(line === '4.1' ? 1 : 0).map(
    ([what, setup, message]) => [line, what, setup, message] as const,
  ),
)

test.each(FAILING)(
  'Vitest %s: %s fails the report of a plain run too, and is named',
  { timeout: RUN_MS },
  async (line, _what, setup, message) => {
    using project = lineProject(
      line,
      { 'a.test.ts': PASSES, 'setup.ts': setup },
      "globalSetup: ['setup.ts'],",
      'whole',
    )
    const run = await project.run()
    const report = run.report()
    expect(run.exitCode).toBeGreaterThan(0)
    expect(report.run).toMatchObject({ status: 'failed', exitCode: 1, processExitCode: run.exitCode })
    expect(report.failures).toMatchObject([{ file: '(the run)', test: null }])
    expect(report.failures[0]?.error.message).toContain(message)
    for (const file of ['report.md', 'report.html', 'report.json'])
      expect(readFileSync(path.join(project.reportDir, file), 'utf8')).not.toContain('hunter2')
    // The summary was printed when the tests had ended, and is put right.
    expect(run.stdout).toContain('✓ PASSED')
    expect(run.stdout.slice(run.stdout.indexOf('✓ PASSED'))).toContain('✗ FAILED, after the tests')
    expect(buildReport(readJournal(run.journal()).events)).toEqual(report)
  },
)

test('a teardown that throws fails nothing where Vitest lets it pass', { timeout: RUN_MS }, async () => {
  const [[, setup]] = REASONS
  const files = { 'a.test.ts': PASSES, 'setup.ts': setup }
  using project = lineProject('4.1', files, "globalSetup: ['setup.ts'],", 'whole')
  const run = await project.run()
  expect(run.exitCode).toBe(0)
  expect(run.report().run).toMatchObject({ status: 'passed', exitCode: 0, processExitCode: 0 })
})

test('coverage below its thresholds fails the report of a plain run too', { timeout: RUN_MS }, async () => {
  using project = lineProject(
    '5',
    {
      'half.ts': 'export const half = (n: number) => {\n  if (n > 1) return n / 2\n  return 0\n}\n',
      'a.test.ts':
        "import { expect, test } from 'vitest'\nimport { half } from './half.ts'\ntest('halves', () => expect(half(4)).toBe(2))",
    },
    "coverage: { enabled: true, include: ['half.ts'], reporter: [], thresholds: { lines: 100 } },",
    'whole',
  )
  const run = await project.run()
  expect(run.exitCode).toBe(1)
  expect(run.report().run).toMatchObject({ status: 'failed', exitCode: 1, processExitCode: 1 })
  expect(run.report().failures[0]?.error.message).toContain('Coverage for lines')
})

test.each(lines)(
  'Vitest %s: the report says with what the process ends, and what another command would make of it',
  { timeout: RUN_MS },
  async (line) => {
    using project = lineProject(line, { 'a.test.ts': PASSES, 'b.test.ts': STRAYS }, '', 'whole')
    const stray = await project.run()
    expect(stray.exitCode).toBe(1)
    expect(stray.report().run).toMatchObject({ status: 'failed', exitCode: 4, processExitCode: 1 })
    expect(stray.stdout).toContain('exit code 1 (with `shakedown run`: 4)')
    const ignored = await project.run(['--dangerouslyIgnoreUnhandledErrors'])
    expect(ignored.exitCode).toBe(0)
    expect(ignored.report().run).toMatchObject({ exitCode: 4, processExitCode: 0 })
    const nothing = await project.run(['-t', 'no such name'])
    expect(nothing.exitCode).toBe(0)
    expect(nothing.report().run).toMatchObject({ status: 'empty', exitCode: 2, processExitCode: 0 })
  },
)

test.each(lines)(
  'Vitest %s: what its reporters print about failing tests is no failure of its own',
  { timeout: RUN_MS },
  async (line) => {
    using project = lineProject(line, { 'a.test.ts': FAILS }, '', 'whole')
    const run = await project.run(['--reporter=verbose', '--reporter=junit', '--outputFile=junit.xml'])
    expect(run.report().run).toMatchObject({ status: 'failed', exitCode: 1, processExitCode: 1 })
    expect(run.report().failures).toMatchObject([{ file: 'a.test.ts', test: 'fails' }])
    expect(run.stdout).not.toContain('after the tests')
  },
)

test('a budget that is exceeded is what the process ends with', { timeout: RUN_MS }, async () => {
  const warns = "import { test } from 'vitest'\ntest('warns', () => console.warn('careful'))"
  using project = lineProject('5', { 'a.test.ts': warns })
  const run = await project.run([], { options: { budgets: { warnings: 0 } } })
  expect(run.exitCode).toBe(3)
  expect(run.report().run).toMatchObject({ exitCode: 3, processExitCode: 3 })
})
