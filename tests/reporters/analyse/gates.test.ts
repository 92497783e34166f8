import { expect, test } from 'vitest'
import { buildReport } from '../../../reporters/analyse/build-report.ts'
import { GATES } from '../../../reporters/analyse/gates.ts'
import {
  anError,
  runEnded,
  runStarted,
  startedFile,
  START_MS,
  testFinished,
  wholeFile,
} from '../support/events.ts'
import type { Budgets } from '../../../reporters/analyse/gates.ts'
import type { JournalEvent } from '../../../reporters/journal/events.ts'

const FILE = 'a.test.ts'
const passed = wholeFile(FILE, [testFinished(FILE, 'adds', 'passed')])
const warned: JournalEvent = {
  type: 'warnings',
  atMs: START_MS,
  file: FILE,
  count: 3,
  fingerprints: [],
  overflow: 3,
}

function reportOf(budgets: Budgets, events: readonly JournalEvent[]) {
  return buildReport([runStarted({ budgets }), ...events, runEnded('passed')])
}

test('a gate that is exceeded gives exit code 3', () => {
  const report = reportOf({ warnings: 2 }, [...passed, warned])
  expect(report.gates).toEqual([{ name: 'warnings', limit: 2, actual: 3, ok: false }])
  expect(report.run).toMatchObject({ status: 'failed', exitCode: 3, end: 'finished' })
})

test('a budget that is kept to the last unit passes', () => {
  const report = reportOf({ warnings: 3 }, [...passed, warned])
  expect(report.gates).toEqual([{ name: 'warnings', limit: 3, actual: 3, ok: true }])
  expect(report.run).toMatchObject({ status: 'passed', exitCode: 0 })
})

test('what has no budget has no gate', () => {
  expect(reportOf({}, [...passed, warned]).gates).toEqual([])
})

test('a failed test, an unfinished run and a Vitest that failed come before a gate', () => {
  const budgets = { warnings: 0 }
  const failed = wholeFile(FILE, [testFinished(FILE, 'adds', 'failed', { errors: [anError('boom')] })])
  expect(reportOf(budgets, [...failed, warned]).run.exitCode).toBe(1)
  expect(buildReport([runStarted({ budgets }), ...passed, warned]).run.exitCode).toBe(4)
  expect(buildReport([runStarted({ budgets }), ...passed, warned, runEnded('failed')]).run.exitCode).toBe(1)
})

const rejected: JournalEvent = {
  type: 'unhandled-error',
  atMs: START_MS,
  file: FILE,
  kind: 'unhandledRejection',
  confidence: 'file',
  error: anError('boom'),
}
const timedOut = wholeFile(FILE, [
  testFinished(FILE, 'waits', 'failed', { errors: [anError('Test timed out in 50ms.')] }),
])
const lost = [...passed, ...startedFile('b.test.ts', 1)]

/** The report of a run that Vitest has failed. */
function failedReport(budgets: Budgets, events: readonly JournalEvent[]) {
  return buildReport([runStarted({ budgets }), ...events, runEnded('failed')])
}

test.for([
  ['timeouts', timedOut],
  ['asyncErrors', [...passed, rejected]],
  ['lost', lost],
] as const)('a budget of %s replaces the default of 0: within it the run passes', ([name, events]) => {
  expect(failedReport({}, events).run.exitCode).toBe(4)
  const within = failedReport({ [name]: 1 }, events)
  expect(within.gates).toEqual([{ name, limit: 1, actual: 1, ok: true }])
  expect(within.run).toMatchObject({ status: 'passed', exitCode: 0 })
  expect(failedReport({ [name]: 0 }, events).run.exitCode).toBe(4)
})

test('a budget allows its own count only', () => {
  expect(failedReport({ timeouts: 1 }, [...timedOut, rejected]).run.exitCode).toBe(4)
  expect(failedReport({ timeouts: 1, warnings: 2 }, [...timedOut, warned]).run.exitCode).toBe(3)
  expect(buildReport([runStarted({ budgets: { lost: 9 } }), ...lost]).run.exitCode).toBe(4)
})

test('a file whose tests failed gives 1 within every budget', () => {
  const failed = wholeFile(FILE, [
    testFinished(FILE, 'adds', 'failed', { errors: [anError('boom')] }),
    testFinished(FILE, 'waits', 'failed', { errors: [anError('Test timed out in 50ms.')] }),
  ])
  expect(failedReport({ timeouts: 5 }, failed).run).toMatchObject({ status: 'failed', exitCode: 1 })
})

test('a budget that no gate of this release understands is refused', () => {
  const budgets = { warnings: 'few' }
  expect(() => buildReport([runStarted({ budgets }), ...passed])).toThrow(
    'Expected the budget `warnings` in the journal to be a whole number from 0, got "few".',
  )
})

test('every gate counts what it is named after', () => {
  const file = 'b.test.ts'
  const timeout = anError('Test timed out in 50ms.')
  const report = reportOf(Object.fromEntries(GATES.map(({ name }) => [name, 0])), [
    ...wholeFile(FILE, [
      testFinished(FILE, 'flaps', 'passed', { retries: 1 }),
      testFinished(FILE, 'waits', 'failed', { errors: [timeout] }),
      testFinished(FILE, 'waits too', 'failed', { errors: [timeout] }),
    ]),
    ...startedFile(file, 1),
    warned,
    { type: 'remark', atMs: START_MS, file, code: 'E_EXECUTOR_MOCKED', message: 'mocked', location: null },
    { type: 'remark', atMs: START_MS, file, code: 'E_SWALLOWED', message: 'swallowed', location: null },
    { type: 'worker-crashed', atMs: START_MS, file: null, error: anError('first') },
    { type: 'worker-crashed', atMs: START_MS, file: null, error: anError('second') },
    { type: 'worker-crashed', atMs: START_MS, file: null, error: anError('third') },
    { type: 'worker-crashed', atMs: START_MS, file: null, error: anError('fourth') },
    { type: 'worker-crashed', atMs: START_MS, file: null, error: anError('fifth') },
  ])
  expect(Object.fromEntries(report.gates.map(({ name, actual }) => [name, actual]))).toEqual({
    timeouts: 2,
    // One of the five is the end of the lost file.
    asyncErrors: 4,
    lost: 1,
    warnings: 3,
    flaky: 1,
    // The other remark is about something else.
    mocks: 1,
  })
})

test('of merged shards the sum is compared with the budget of the first', () => {
  const shard = (index: number) => [
    runStarted({ budgets: { warnings: 5 }, shard: { index, count: 2 } }),
    ...passed,
    warned,
    runEnded('passed'),
  ]
  expect(buildReport([...shard(1), ...shard(2)]).gates).toEqual([
    { name: 'warnings', limit: 5, actual: 6, ok: false },
  ])
})
