import { beforeAll, describe, expect, test } from 'vitest'
import { lineProject } from '../support/line-project.ts'
import { LINES } from '../support/run-fixture.ts'
import type { RunReport } from '../../../reporters/report/model.ts'
import type { FixtureRun, Line } from '../support/run-fixture.ts'

/** A real Vitest starts in about a second; on a busy machine in a few. */
const RUN_MS = 60_000
const lines = Object.keys(LINES) as Line[]

/** Files about the results and names of tests, of which one run per line tells everything. */
const FILES = {
  'fails.test.ts': `
    import { expect, test } from 'vitest'
    test.fails('is broken as we know', () => expect(1).toBe(2))
    test.fails('was mended', () => {})
    test('adds', () => {})`,
  'names.test.ts': `
    import { describe, expect, test } from 'vitest'
    test.each([1, 2, 3])('is odd', (n) => expect(n % 2).toBe(1))
    test.each([1, 2])('%i is small', (n) => expect(n).toBe(1))
    describe('twice', () => {
      test('the same', () => {})
      test('the same', () => expect(1).toBe(2))
    })`,
  'secretive.test.ts': `
    import { expect, test } from 'vitest'
    test('basic functionality', () => expect(1).toBe(2))`,
  'cleanup.test.ts': `
    import { afterEach, describe, expect, test } from 'vitest'
    afterEach(() => { throw new Error('cleanup boom') })
    test('body fails', () => expect(1).toBe(2))
    test('body fails softly', () => { expect.soft(1).toBe(2) })
    describe('below', () => {
      afterEach(() => {})
      test('only the hook fails', () => {})
    })`,
}

describe.each(lines)('tests and their names (%s)', (line) => {
  let run: FixtureRun
  beforeAll(async () => {
    using project = lineProject(line, FILES)
    const ended = await project.run()
    const report = ended.report()
    run = { ...ended, report: () => report }
  }, RUN_MS)

  const failuresIn = (name: string): RunReport['failures'] =>
    run.report().failures.filter(({ file }) => file === name)

  test('a test that is to fail passes as that, and fails when it passes', () => {
    // The tests that fail are this one, three with names alike, one that sounds like a credential and three in cleanup.
    expect(run.report().totals).toMatchObject({ passed: 6, failed: 8, failedAsExpected: 1 })
    expect(failuresIn('fails.test.ts').map(({ test: name, error }) => [name, error.message])).toEqual([
      ['was mended', 'The test is expected to fail (`fails`), but it passed.'],
    ])
    expect(run.output).toContain('14: 5 passed, 1 failed as expected, 8 failed')
  })

  test('of tests of one name, each has its number; a row of a table says so', () => {
    expect(failuresIn('names.test.ts').map(({ test: name }) => name)).toEqual([
      'is odd (row 2 of 3)',
      '2 is small',
      'twice > the same (2 of 2)',
    ])
  })

  test('a failure is told with where its error came from: the test before its afterEach', () => {
    const told = failuresIn('cleanup.test.ts').map(({ phase, error, moreErrors }) => [
      phase,
      error.message.split('\n')[0],
      moreErrors.map(({ message }) => message),
    ])
    expect(told).toEqual([
      ['test', 'expected 1 to be 2 // Object.is equality', ['cleanup boom']],
      ['test', 'expected 1 to be 2 // Object.is equality', ['cleanup boom']],
      ['afterEach', 'cleanup boom', []],
    ])
  })

  test('a test keeps its name when it sounds like a credential', () => {
    expect(failuresIn('secretive.test.ts').map(({ test: name }) => name)).toEqual(['basic functionality'])
    expect(run.output).toContain('secretive.test.ts > basic functionality')
  })
})

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
