import { expect, test } from 'vitest'
import { buildReport } from '../../../reporters/analyse/build-report.ts'
import type { JournalEvent } from '../../../reporters/journal/events.ts'
import { anError, runEnded, runStarted, testFinished, wholeFile } from '../support/events.ts'

const failed = wholeFile('a.test.ts', [
  testFinished('a.test.ts', 'adds', 'failed', { errors: [anError('boom')] }),
])
const timedOut = wholeFile('b.test.ts', [
  testFinished('b.test.ts', 'waits', 'failed', { errors: [anError('Test timed out in 50ms.')] }),
])
const unusable = wholeFile('c.scenario.yaml', [
  testFinished('c.scenario.yaml', 'misspelt', 'failed', {
    errors: [anError('Unknown key', { name: 'UnusableScenario' })],
  }),
])
const warned: JournalEvent = {
  type: 'warnings',
  atMs: runEnded('failed').atMs,
  file: 'a.test.ts',
  count: 3,
  fingerprints: [],
  overflow: 3,
}

function exitCodeOf(...events: readonly (readonly JournalEvent[])[]): number {
  const started = runStarted({ budgets: { warnings: 0 } })
  return buildReport([started, ...events.flat(), runEnded('failed')]).run.exitCode
}

test('of several reasons to fail the order is 1, 4, 3, 2', () => {
  expect(exitCodeOf(unusable)).toBe(2)
  expect(exitCodeOf(unusable, [warned])).toBe(3)
  expect(exitCodeOf(unusable, [warned], timedOut)).toBe(4)
  expect(exitCodeOf(unusable, [warned], timedOut, failed)).toBe(1)
  expect(exitCodeOf(unusable, failed)).toBe(1)
})

test('a scenario file in TypeScript that throws before there is a test cannot be used; a test file that does fails', () => {
  const broken = (file: string): JournalEvent[] =>
    wholeFile(file, [], { status: 'failed', phase: 'import', errors: [anError('x is not defined')] })
  expect(exitCodeOf(broken('orders.scenario.ts'))).toBe(2)
  expect(exitCodeOf(broken('orders.scenario.ts'), failed)).toBe(1)
  expect(exitCodeOf(broken('orders.test.ts'))).toBe(1)
})
