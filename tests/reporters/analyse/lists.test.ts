import { expect, test } from 'vitest'
import { buildReport } from '../../../reporters/analyse/build-report.ts'
import {
  anError,
  runEnded,
  runStarted,
  START_MS,
  suiteFailed,
  testFinished,
  wholeFile,
  wholeRun,
} from '../support/events.ts'
import { headline } from '../../../reporters/text/words.ts'
import { sampleReport } from '../support/sample-report.ts'
import type { JournalEvent } from '../../../reporters/journal/events.ts'
import type { RunReport } from '../../../reporters/report/model.ts'

const FILE = 'tests/a.test.ts'

function verdict({ run: { status, exitCode, end } }: RunReport): object {
  return { status, exitCode, end }
}

const warned = (file: string | null, count: number, fingerprint: string): JournalEvent => ({
  type: 'warnings',
  atMs: START_MS,
  file,
  count,
  overflow: 1,
  fingerprints: [{ fingerprint, count: count - 1, sample: `${fingerprint} 1`, location: null }],
})

const shard = (index: number, events: JournalEvent[], count = 2): JournalEvent[] => [
  runStarted({ shard: { index, count }, runId: `run-${index}`, atMs: START_MS + index }),
  ...events,
  runEnded('passed', START_MS + index * 1_000),
]

test('a failed suite hook is a failure, and the tests it took with it say so', () => {
  const tests = [
    suiteFailed(FILE, 'server'),
    testFinished(FILE, 'server > lists', 'skipped'),
    testFinished(FILE, 'server2 > lists', 'skipped'),
  ]
  const report = buildReport(wholeRun(wholeFile(FILE, tests, { status: 'failed' }), 'failed'))
  expect(report.failures).toEqual([
    expect.objectContaining({ test: 'server', phase: 'beforeAll', status: 'failed' }),
  ])
  expect(report.skipped.map(({ test: name, reason }) => [name, reason])).toEqual([
    ['server > lists', "beforeAll of 'server' failed"],
    ['server2 > lists', null],
  ])
})

test('a test that passed when tried again is flaky and passed', () => {
  const report = buildReport(
    wholeRun(
      wholeFile(FILE, [testFinished(FILE, 'adds', 'passed', { retries: 1, errors: [anError('cold')] })]),
    ),
  )
  expect(report.flaky).toEqual([{ file: FILE, test: 'adds', retries: 1, error: anError('cold') }])
  expect(report.totals).toMatchObject({ passed: 1, flaky: 1, failed: 0 })
  expect(report.run.exitCode).toBe(0)
})

test('warnings are added up per file and per fingerprint, most first', () => {
  const report = buildReport(
    wholeRun([
      warned('a', 5, 'slow #'),
      warned('b', 9, 'slow #'),
      warned('a', 3, 'old'),
      warned(null, 2, 'old'),
    ]),
  )
  expect(report.warnings).toEqual({
    total: 19,
    byFile: [
      { file: 'b', count: 9 },
      { file: 'a', count: 8 },
      { file: '(unknown file)', count: 2 },
    ],
    top: [
      { fingerprint: 'slow #', count: 12, sample: 'slow # 1', location: null, files: ['a', 'b'] },
      { fingerprint: 'old', count: 3, sample: 'old 1', location: null, files: ['a', '(unknown file)'] },
    ],
    overflow: 4,
  })
})

test('concatenated journals of shards become one report', () => {
  const one = shard(1, wholeFile(FILE, [testFinished(FILE, 'adds', 'passed')]))
  const two = shard(2, wholeFile('b.test.ts', [testFinished('b.test.ts', 'adds', 'passed')]))
  const report = buildReport([...one, ...two])
  expect(verdict(report)).toEqual({ status: 'passed', exitCode: 0, end: 'finished' })
  expect(report.run).toMatchObject({
    id: 'run-1',
    durationMs: 1_998,
    shards: [
      { index: 1, count: 2 },
      { index: 2, count: 2 },
    ],
  })
  expect(report.totals).toMatchObject({ files: 2, passed: 2 })
})

test('one shard is a report of its own; of several, one that never arrived must not look passed', () => {
  const of = (index: number): JournalEvent[] =>
    shard(index, wholeFile(FILE, [testFinished(FILE, 'adds', 'passed')]), 3)
  expect(verdict(buildReport(of(1)))).toEqual({ status: 'passed', exitCode: 0, end: 'finished' })
  const two = buildReport([...of(1), ...of(2)])
  expect(verdict(two)).toEqual({ status: 'incomplete', exitCode: 4, end: 'finished' })
  expect(headline(two)).toBe('INCOMPLETE: shards are missing')
})

test('the same path in two projects of a workspace is two files', () => {
  const inProject = (project: string): JournalEvent[] =>
    wholeFile(FILE, [testFinished(FILE, 'adds', 'passed')]).map((event) => Object.assign(event, { project }))
  const report = buildReport(wholeRun([...inProject('browser'), ...inProject('node')]))
  expect(report.files.map(({ path, project }) => [path, project])).toEqual([
    [FILE, 'browser'],
    [FILE, 'node'],
  ])
  expect(report.totals).toMatchObject({ files: 2, tests: 2 })
})

test('the slowest twenty tests are listed, slowest first', () => {
  const tests = Array.from({ length: 30 }, (_, index) =>
    testFinished(FILE, `t${index}`, 'passed', { durationMs: index }),
  )
  const { slowest } = buildReport(wholeRun(wholeFile(FILE, tests)))
  expect(slowest).toHaveLength(20)
  expect(slowest[0]).toEqual({ file: FILE, test: 't29', durationMs: 29 })
})

test('every test is counted in exactly one way, and every scenario', () => {
  const { totals, scenarios } = sampleReport()
  const { passed, failed, timedOut, skipped, todo, deselected, unfinished } = totals
  expect(passed + failed + timedOut + skipped + todo + deselected + unfinished).toBe(totals.tests)
  expect(scenarios).toMatchObject({
    total: 2,
    passed: 1,
    failed: 0,
    vacuous: 1,
    virtualMs: 600,
    faultsFired: 2,
  })
})

test('a journal whose first line is lost still gives a report', () => {
  const report = buildReport(wholeFile(FILE, [testFinished(FILE, 'adds', 'passed')]))
  expect(report.run).toMatchObject({ id: 'unknown', status: 'incomplete' })
  expect(report.totals.passed).toBe(1)
})

test('an empty journal is refused', () => {
  expect(() => buildReport([])).toThrow(expect.objectContaining({ code: 'E_JOURNAL' }))
})
