import { expect, test } from 'vitest'
import { buildReport } from '../../../reporters/analyse/build-report.ts'
import { renderConsole } from '../../../reporters/render/console.ts'
import { renderMarkdown } from '../../../reporters/render/markdown.ts'
import type { JournalEvent } from '../../../reporters/journal/events.ts'
import type { RunReport } from '../../../reporters/report/model.ts'
import { anError, START_MS, testFinished, wholeFile, wholeRun } from '../support/events.ts'

const FILE = 'tests/cart.test.ts'

function inProject(event: JournalEvent, project: string | undefined): JournalEvent {
  return project === undefined ? event : ({ ...event, project } as JournalEvent)
}

/** The same file in each project: one failure, one timeout, one flaky, one skipped and one slow test, and warnings. */
function reportOf(...projects: readonly (string | undefined)[]): RunReport {
  return buildReport(
    wholeRun(
      projects.flatMap((project) => {
        const events: JournalEvent[] = [
          ...wholeFile(
            FILE,
            [
              testFinished(FILE, 'sums', 'failed', { errors: [anError('boom')] }),
              testFinished(FILE, 'waits', 'failed', { errors: [anError('Test timed out in 50ms.')] }),
              testFinished(FILE, 'flaps', 'passed', { retries: 1, errors: [anError('once')] }),
              testFinished(FILE, 'skips', 'skipped'),
              testFinished(FILE, 'crawls', 'passed', { durationMs: 900 }),
            ],
            { status: 'failed' },
          ),
          { type: 'warnings', atMs: START_MS, file: FILE, count: 3, fingerprints: [], overflow: 3 },
          {
            type: 'unhandled-error',
            atMs: START_MS,
            file: FILE,
            kind: 'unhandledRejection',
            confidence: 'file',
            error: anError('stray'),
          },
        ]
        return events.map((event) => inProject(event, project))
      }),
      'failed',
    ),
  )
}

const texts = (report: RunReport): string[] => [
  renderConsole(report, { color: false, columns: 120 }),
  renderMarkdown(report).replaceAll(/`|<\/?code>/g, ''),
]

test('of several projects each file is named with its own, in all that is told of it', () => {
  for (const text of texts(reportOf('unit', 'browser'))) {
    // Failure twice, timeout, async error, flaky, skipped, slow, warnings: no file without its project.
    expect(text.split(`${FILE} [unit]`).length - 1).toBeGreaterThanOrEqual(8)
    expect(text.split(`${FILE} [unit]`)).toHaveLength(text.split(`${FILE} [browser]`).length)
    expect(text.replaceAll(/cart\.test\.ts \[(?:unit|browser)\]/g, '')).not.toContain('cart.test.ts')
  }
})

test('beside named projects a file of the one without a name stays as it is', () => {
  for (const text of texts(reportOf(undefined, 'unit'))) {
    expect(text).toContain(`${FILE} [unit]`)
    expect(text.replaceAll(`${FILE} [unit]`, '')).toContain(FILE)
  }
})

test('one project is not named: nobody asks which', () => {
  for (const text of texts(reportOf('unit'))) expect(text).not.toContain('[unit]')
})
