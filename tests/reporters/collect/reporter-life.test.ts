import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { ShakedownReporter } from '../../../reporters/collect/vitest-reporter.ts'
import { listJournals } from '../../../reporters/journal/folder.ts'
import { START_MS } from '../support/events.ts'
import { tempDir } from '../support/temp-dir.ts'
import type { Vitest } from 'vitest/node'
import type { ShakedownReporterOptions } from '../../../reporters/collect/vitest-reporter.ts'
import type { RunReport } from '../../../reporters/report/model.ts'

/** As much of Vitest as the reporter asks for when a run has no files. */
function vitestIn(root: string): Vitest {
  const config = { root, teardownTimeout: 10_000 }
  const closing: (() => void)[] = []
  return {
    version: '5.1.0',
    config,
    logger: { error: () => {} },
    getGlobalTestNamePattern: () => undefined,
    onClose: (fn: () => void) => closing.push(fn),
    close: async () => closing.splice(0).forEach((fn) => fn()),
  } as unknown as Vitest
}

const OPTIONS = {
  reportDir: '.shakedown',
  redact: [],
  files: true,
  print: false,
  budgets: {},
  stream: process.stdout,
}

function reporterIn(
  root: string,
  options: Partial<ShakedownReporterOptions> = {},
): { reporter: ShakedownReporter; reports: RunReport[] } {
  const reports: RunReport[] = []
  const reporter = new ShakedownReporter({
    ...OPTIONS,
    root,
    onReport: (report) => reports.push(report),
    ...options,
  })
  reporter.onInit(vitestIn(root))
  return { reporter, reports }
}

test('a report folder is relative to the project root', async () => {
  using dir = tempDir()
  const { reporter } = reporterIn(dir.path)
  await reporter.onTestRunStart([])
  await reporter.onTestRunEnd([], [], 'passed')
  expect(existsSync(path.join(dir.path, '.shakedown/report.html'))).toBe(true)
  expect(listJournals(path.join(dir.path, '.shakedown'))).toHaveLength(1)
})

test('every rerun of watch mode is a run of its own', async () => {
  using dir = tempDir()
  const { reporter, reports } = reporterIn(dir.path)
  for (const reason of ['failed', 'passed'] as const) {
    await reporter.onTestRunStart([])
    await reporter.onTestRunEnd([], [], reason)
  }
  expect(reports.map(({ run }) => run.status)).toEqual(['failed', 'empty'])
  expect(new Set(reports.map(({ run }) => run.id)).size).toBe(2)
  expect(listJournals(path.join(dir.path, '.shakedown'))).toHaveLength(2)
})

test('however many runs there are, nothing stays behind on the process when Vitest is closed', async () => {
  using dir = tempDir()
  const listeners = (): number[] =>
    ['exit', 'uncaughtExceptionMonitor'].map((event) => process.listenerCount(event))
  const before = listeners()
  const vitest = vitestIn(dir.path)
  const reporter = new ShakedownReporter({ ...OPTIONS, root: dir.path })
  reporter.onInit(vitest)
  for (let run = 0; run < 3; run += 1) {
    await reporter.onTestRunStart([])
    expect(process.listenerCount('exit')).toBe((before[0] ?? 0) + 1)
    await reporter.onTestRunEnd([], [], 'passed')
    await vitest.close()
    await new Promise((done) => setImmediate(done))
    expect(listeners()).toEqual(before)
  }
})

test('a run that passed and would not close is reported again, with what went wrong', async () => {
  using dir = tempDir()
  const { reporter, reports } = reporterIn(dir.path)
  await reporter.onTestRunStart([])
  await reporter.onTestRunEnd([], [], 'passed')
  reporter.onProcessTimeout()
  expect(reports.map(({ run }) => run.exitCode)).toEqual([0, 4])
  expect(reports[1]?.timeouts).toEqual([
    { file: '', kind: 'run', phase: 'close', limitMs: 10_000, elapsedMs: 10_000 },
  ])
})

test('what others observe is journaled with the rest, its secrets hidden', async () => {
  using dir = tempDir()
  const { reporter, reports } = reporterIn(dir.path, { redact: ['hunter22'] })
  const hang = {
    type: 'hang',
    atMs: START_MS,
    kind: 'file',
    file: 'a.test.ts',
    test: 'logs in as hunter22',
    phase: 'test',
    limitMs: 5,
    elapsedMs: 6,
  } as const
  // Without a run there is nothing to add to.
  reporter.record(hang)
  await reporter.onTestRunStart([])
  reporter.record(hang)
  await reporter.onTestRunEnd([], [], 'passed')
  expect(reports[0]?.timeouts).toEqual([
    expect.objectContaining({ file: 'a.test.ts', test: 'logs in as [redacted]' }),
  ])
  expect(readFileSync(reporter.journal ?? '', 'utf8')).not.toContain('hunter22')
})

test('a secret too short to hide is refused when the reporter is made', () => {
  expect(() => new ShakedownReporter({ ...OPTIONS, root: '.', redact: ['abc'] })).toThrow(
    expect.objectContaining({ code: 'E_REDACT' }),
  )
})
