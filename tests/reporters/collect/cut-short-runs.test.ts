import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import { buildReport } from '../../../reporters/analyse/build-report.ts'
import { listJournals } from '../../../reporters/journal/folder.ts'
import { readJournal } from '../../../reporters/journal/reader.ts'
import { failureLines } from '../support/failure-lines.ts'
import { runFixture } from '../support/run-fixture.ts'
import { tempDir } from '../support/temp-dir.ts'
import type { ChildProcess } from 'node:child_process'
import { needs } from '../../support/systems.ts'

beforeEach((context) => needs(context, 'posix', 'Windows ends a process where others send it a signal'))

/** A real Vitest starts in about a second; on a busy machine in a few. */
const RUN_MS = 60_000

test('a worker that is killed takes no test with it unnoticed', { timeout: RUN_MS }, async () => {
  using dir = tempDir()
  const report = (await runFixture('reporters/crashing', { reportDir: dir.path })).report()
  expect(report.run).toMatchObject({ status: 'incomplete', exitCode: 4, end: 'finished' })
  expect(failureLines(report)).toEqual([
    expect.stringMatching(
      /^b-dies\.test\.ts > kills its worker: crashed in test: Worker exited unexpectedly/,
    ),
  ])
  expect(report.totals).toMatchObject({ files: 2, tests: 4, passed: 2, unfinished: 2, lost: 1 })
})

test('a run that is interrupted writes what it has', { timeout: RUN_MS }, async () => {
  using dir = tempDir()
  const run = await runFixture('reporters/spinning', {
    reportDir: dir.path,
    onSpawn: (child) => void stopWhenWaiting(child, dir.path, 'SIGINT'),
  })
  const report = run.report()
  expect(run.exitCode).toBe(130)
  expect(report.run).toMatchObject({ status: 'incomplete', exitCode: 4, end: 'interrupted' })
  expect(failureLines(report)).toEqual([
    'b-waits.test.ts > waits for somebody to stop it: lost in test: The file never reached its end: the run was interrupted. This test was running.',
    'c-never-starts.test.ts > -: lost in unknown: The file never started: the run was interrupted.',
  ])
  expect(run.output).toContain('! INCOMPLETE: the run was interrupted')
})

test('a run that is killed still has a report: its journal', { timeout: RUN_MS }, async () => {
  using dir = tempDir()
  const run = await runFixture('reporters/spinning', {
    reportDir: dir.path,
    onSpawn: (child) => void stopWhenWaiting(child, dir.path, 'SIGKILL'),
  })
  const { events, problems } = readJournal(run.journal())
  const report = buildReport(events)
  expect(problems).toEqual([])
  expect(report.run).toMatchObject({ status: 'incomplete', exitCode: 4, end: 'killed' })
  expect(report.totals).toMatchObject({ files: 3, passed: 1, lost: 2 })
})

/** Sends the signal as soon as the journal says that the waiting test began. */
async function stopWhenWaiting(
  child: ChildProcess,
  reportDir: string,
  signal: NodeJS.Signals,
): Promise<void> {
  while (child.exitCode === null) {
    const [journal] = listJournals(reportDir)
    if (journal !== undefined && readFileSync(journal, 'utf8').includes('"test":"waits'))
      return void child.kill(signal)
    await sleep(20)
  }
}
