import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildReport } from '../../../reporters/analyse/build-report.ts'
import { readJournal } from '../../../reporters/journal/reader.ts'
import { lineProject } from '../support/line-project.ts'
import { LINES } from '../support/run-fixture.ts'
import type { RunReport } from '../../../reporters/report/model.ts'
import type { FixtureRun, Line } from '../support/run-fixture.ts'

/** A real Vitest starts in about a second; on a busy machine in a few. */
const RUN_MS = 60_000
const lines = Object.keys(LINES) as Line[]

const passing = (name: string): string => `import { test } from 'vitest'\ntest('${name}', () => {})\n`
const failing = `
  import { expect, test } from 'vitest'
  test('adds', () => expect(1).toBe(2))
  test('subtracts', () => {})`
/** Enough where nothing is to run. */
const TWO = { 'a.test.ts': passing('a'), 'b.test.ts': passing('b') }
const FOUR = {
  'a.test.ts': passing('a'),
  'b.test.ts': passing('b'),
  'c.test.ts': passing('c'),
  'd.test.ts': passing('d'),
}

/** Five files in four shards: Vitest 4 gives the last of them nothing to do. */
const SHARDS = ['1/4', '2/4', '3/4', '4/4']

describe.each(lines)('the shards of a suite (%s)', (line) => {
  const project = lineProject(line, { ...FOUR, 'e.test.ts': passing('e') })
  const shards: { readonly run: FixtureRun; readonly report: RunReport; readonly journal: string }[] = []
  beforeAll(async () => {
    for (const shard of SHARDS) {
      // Each replaces the report of the one before.
      const run = await project.run([`--shard=${shard}`, '--no-isolate'])
      shards.push({ run, report: run.report(), journal: run.journal() })
    }
  }, 2 * RUN_MS)
  afterAll(() => project[Symbol.dispose]())

  test('a green one is passed, and knows nothing of the files of others', () => {
    const [first] = shards
    expect(first!.run.exitCode).toBe(0)
    expect(first!.run.output).toContain('✓ PASSED')
    expect(first!.report.totals).toMatchObject({ files: 2, tests: 2, passed: 2, lost: 0 })
  })

  test('one that gets no file at all is no failure of ours', () => {
    expect(shards.map(({ report }) => report.run)).toEqual(
      SHARDS.map(() => expect.objectContaining({ status: 'passed', exitCode: 0 })),
    )
  })

  test('the journals of all of them make the report of the whole', () => {
    const whole = buildReport(shards.flatMap(({ journal }) => readJournal(journal).events))
    expect(whole.run).toMatchObject({ status: 'passed', exitCode: 0 })
    expect(whole.files.map(({ path }) => path).toSorted()).toEqual([...Object.keys(FOUR), 'e.test.ts'])
  })
})

test.each(lines)('--bail fails the run and says what was not run (%s)', { timeout: RUN_MS }, async (line) => {
  using project = lineProject(line, { ...FOUR, 'b.test.ts': failing })
  const run = await project.run(['--bail=1'])
  const report = run.report()
  expect(run.exitCode).toBe(1)
  expect(report.run).toMatchObject({ status: 'failed', exitCode: 1, end: 'bailed' })
  expect(report.files.map(({ path, status }) => [path, status])).toEqual([
    ['a.test.ts', 'passed'],
    ['b.test.ts', 'failed'],
    ['c.test.ts', 'notRun'],
    ['d.test.ts', 'notRun'],
  ])
  expect(report.failures.map(({ test: name }) => name)).toEqual(['adds'])
  expect(report.skipped).toEqual([
    { file: 'b.test.ts', test: 'subtracts', kind: 'skipped', reason: 'not run (bail)' },
  ])
  expect(report.totals).toMatchObject({
    tests: 3,
    passed: 1,
    failed: 1,
    skipped: 1,
    unfinished: 0,
    lost: 0,
    notRun: 2,
  })
  expect(run.output).toContain('✗ FAILED: stopped by --bail')
  expect(run.output).toContain('4: 1 passed, 2 not run (bail), 1 failed')
  expect(run.output).not.toContain('LOST')
})

test.each(lines)(
  'files that run beside the one that fails are not lost either (%s)',
  { timeout: RUN_MS },
  async (line) => {
    const slow = `import { test } from 'vitest'\n${Array.from({ length: 200 }, (_, n) => `test('waits ${n}', () => new Promise((r) => setTimeout(r, 20)))`).join('\n')}`
    using project = lineProject(line, { 'a.test.ts': slow, 'b.test.ts': failing, 'c.test.ts': slow })
    const run = await project.run(['--bail=1', '--fileParallelism', '--maxWorkers=2'])
    expect(run.report().run).toMatchObject({ status: 'failed', exitCode: 1, end: 'bailed' })
    expect(run.report().totals).toMatchObject({ failed: 1, lost: 0, unfinished: 0 })
  },
)

test.each(lines)(
  'a filter that no test matches is not passed: exit code 2 (%s)',
  { timeout: RUN_MS },
  async (line) => {
    using project = lineProject(line, TWO)
    const run = await project.run(['-t', 'nothing like this'])
    expect(run.report().run).toMatchObject({ status: 'empty', exitCode: 2 })
    expect(run.output).toContain('NOTHING RAN: all tests were deselected')
    expect(run.output).not.toMatch(/PASSED|Passed/)
  },
)

test.each([
  ['5', 'sums > one', 'sums one'],
  ['4.1', 'sums one', 'sums > one'],
] as const)(
  'a name pattern matches what Vitest %s itself matches, and nothing else',
  { timeout: RUN_MS },
  async (line, finds, misses) => {
    const suite = `import { describe, test } from 'vitest'\ndescribe('sums', () => { test('one', () => {}); test('two', () => {}) })`
    using project = lineProject(line, { 'a.test.ts': suite })
    const found = await project.run(['-t', finds])
    expect([found.exitCode, found.report().totals]).toEqual([
      0,
      expect.objectContaining({ passed: 1, deselected: 1 }),
    ])
    const missed = await project.run(['-t', misses])
    expect(missed.report().run).toMatchObject({ status: 'empty', exitCode: 2 })
    expect(missed.report().totals).toMatchObject({ deselected: 2, skipped: 0 })
  },
)

test.each(lines)('neither is a filter of the configuration (%s)', { timeout: RUN_MS }, async (line) => {
  using project = lineProject(line, TWO, `testNamePattern: 'nothing like this',`)
  const run = await project.run()
  expect(run.report().run).toMatchObject({ status: 'empty', exitCode: 2 })
  expect(run.output).not.toMatch(/PASSED|Passed/)
})

test.each(lines)(
  'in a shard, or where it is allowed, there was nothing to run (%s)',
  { timeout: RUN_MS },
  async (line) => {
    using project = lineProject(line, TWO)
    for (const args of [
      ['-t', 'nothing like this', '--shard=1/2'],
      ['-t', 'nothing like this', '--passWithNoTests'],
      ['no-such-file', '--passWithNoTests'],
    ]) {
      const run = await project.run(args)
      expect(run.report().run).toMatchObject({ status: 'empty', exitCode: 0 })
      expect(run.output).toMatch(/NOTHING TO RUN/)
      expect(run.output).not.toMatch(/PASSED|Passed/)
    }
  },
)
