import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { buildReport } from '../../reporters/analyse/build-report.ts'
import { readJournal } from '../../reporters/journal/reader.ts'
import { renderConsole } from '../../reporters/render/console.ts'
import { renderHtml } from '../../reporters/render/html.ts'
import { renderJson } from '../../reporters/render/json.ts'
import { renderMarkdown } from '../../reporters/render/markdown.ts'
import { anError, testFinished, wholeFile, wholeRun } from './support/events.ts'
import { tempDir } from './support/temp-dir.ts'
import type { JournalEvent } from '../../reporters/journal/events.ts'

/** What a person waits for at the end of a run of 10 000 tests. */
const LIMIT_MS = 1_000

test('10 000 tests, 500 of them failed, become a report and all its outputs within a second', () => {
  using dir = tempDir()
  const file = path.join(dir.path, 'big.jsonl')
  writeFileSync(
    file,
    bigRun()
      .map((event) => `${JSON.stringify(event)}\n`)
      .join(''),
  )
  // The fastest of three: what is measured is the work, not its compilation and not what else the machine does.
  const rounds = [1, 2, 3].map(() => {
    const start = performance.now()
    const report = buildReport(readJournal(file).events)
    const outputs = [
      renderHtml(report),
      renderMarkdown(report),
      renderJson(report),
      renderConsole(report, { color: false, columns: 80 }),
    ]
    return { ms: performance.now() - start, report, outputs }
  })
  expect(rounds[0]?.report.totals).toMatchObject({ files: 400, tests: 10_000, failed: 500 })
  expect(rounds[0]?.outputs.filter((output) => output.length > 5_000)).toHaveLength(4)
  expect(Math.min(...rounds.map(({ ms }) => ms))).toBeLessThan(LIMIT_MS)
})

/** 400 files of 25 tests each; every twentieth test fails with a diff and a stack, every tenth is skipped. */
function bigRun(): JournalEvent[] {
  const error = anError('expected { a: 1 } to deeply equal { a: 2 }', {
    name: 'AssertionError',
    diff: `- Expected\n+ Received\n${'  "line": 1,\n'.repeat(40)}`,
    stack: Array.from({ length: 15 }, (_, index) => `at step${index} (src/deep/file.ts:${index + 1}:5)`).join(
      '\n',
    ),
    location: { file: 'src/deep/file.ts', line: 1, column: 5 },
  })
  const files = Array.from({ length: 400 }, (_, number) => {
    const file = `tests/area-${number % 20}/file-${number}.test.ts`
    const tests = Array.from({ length: 25 }, (_test, index) => {
      const name = `suite ${index % 5} > does thing number ${index}`
      const nth = number * 25 + index
      if (nth % 20 === 0) return testFinished(file, name, 'failed', { errors: [error] })
      return testFinished(file, name, nth % 10 === 1 ? 'skipped' : 'passed', { durationMs: index * 3 })
    })
    return wholeFile(file, tests)
  })
  return wholeRun(files.flat(), 'failed')
}
