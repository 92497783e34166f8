import { expect, test } from 'vitest'
import { lineProject } from '../support/line-project.ts'
import { LINES } from '../support/run-fixture.ts'
import type { Line } from '../support/run-fixture.ts'

/** A real Vitest starts in about a second; on a busy machine in a few. */
const RUN_MS = 60_000
const lines = Object.keys(LINES) as Line[]

test.each(lines)(
  'a test that is to fail passes as that, and fails when it passes (%s)',
  { timeout: RUN_MS },
  async (line) => {
    using project = lineProject(line, {
      'a.test.ts': `
      import { expect, test } from 'vitest'
      test.fails('is broken as we know', () => expect(1).toBe(2))
      test.fails('was mended', () => {})
      test('adds', () => {})`,
    })
    const run = await project.run()
    expect(run.report().totals).toMatchObject({ passed: 2, failed: 1, failedAsExpected: 1 })
    expect(run.report().failures.map(({ test: name, error }) => [name, error.message])).toEqual([
      ['was mended', 'The test is expected to fail (`fails`), but it passed.'],
    ])
    expect(run.output).toContain('3: 1 passed, 1 failed as expected, 1 failed')
  },
)

test.each(lines)(
  'of tests of one name, each has its number; a row of a table says so (%s)',
  { timeout: RUN_MS },
  async (line) => {
    using project = lineProject(line, {
      'a.test.ts': `
      import { describe, expect, test } from 'vitest'
      test.each([1, 2, 3])('is odd', (n) => expect(n % 2).toBe(1))
      test.each([1, 2])('%i is small', (n) => expect(n).toBe(1))
      describe('twice', () => {
        test('the same', () => {})
        test('the same', () => expect(1).toBe(2))
      })`,
    })
    const report = (await project.run()).report()
    expect(report.failures.map(({ test: name }) => name)).toEqual([
      'is odd (row 2 of 3)',
      '2 is small',
      'twice > the same (2 of 2)',
    ])
  },
)

test.each(lines)('every event of a file names its project (%s)', { timeout: RUN_MS }, async (line) => {
  const projects = `projects: ['one', 'two'].map((name) => ({
    extends: true,
    test: { name, include: name === 'one' ? ['**/*.test.ts'] : ['shared.test.ts'] },
  })),`
  using project = lineProject(
    line,
    {
      'dies.test.ts': `import { test } from 'vitest'\ntest('dies', async () => { process.kill(process.pid, 'SIGKILL'); await new Promise(() => {}) })`,
      'floats.test.ts': `import { test } from 'vitest'\ntest('floats', async () => { void Promise.reject(new Error('forgotten')); await new Promise((r) => setTimeout(r, 50)) })`,
      'shared.test.ts': `import { test } from 'vitest'\ntest('warns', () => console.warn('old'))\ntest.skip('later', () => {})`,
    },
    projects,
  )
  const run = await project.run()
  const report = run.report()
  expect(report.warnings.byFile).toEqual([
    { file: 'shared.test.ts', project: 'one', count: 1 },
    { file: 'shared.test.ts', project: 'two', count: 1 },
  ])
  expect(
    report.files.filter(({ path }) => path === 'shared.test.ts').map(({ warnings }) => warnings),
  ).toEqual([1, 1])
  expect(new Set(report.skipped.map(({ project: name }) => name))).toEqual(new Set(['one', 'two']))
  expect(report.asyncErrors.map(({ file, project: name }) => [file, name])).toEqual([
    ['floats.test.ts', 'one'],
  ])
  expect(report.failures.map(({ file, project: name, status }) => [file, name, status])).toEqual([
    ['dies.test.ts', 'one', 'crashed'],
  ])
})

test.each(lines)(
  'a test keeps its name when it sounds like a credential (%s)',
  { timeout: RUN_MS },
  async (line) => {
    using project = lineProject(line, {
      'a.test.ts': `import { expect, test } from 'vitest'\ntest('basic functionality', () => expect(1).toBe(2))`,
    })
    const run = await project.run()
    expect(run.report().failures.map(({ test: name }) => name)).toEqual(['basic functionality'])
    expect(run.output).toContain('a.test.ts > basic functionality')
  },
)
