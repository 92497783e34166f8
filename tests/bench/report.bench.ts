import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildReport } from '../../reporters/analyse/build-report.ts'
import { readJournal } from '../../reporters/journal/reader.ts'
import { renderConsole } from '../../reporters/render/console.ts'
import { renderHtml } from '../../reporters/render/html.ts'
import { renderJson } from '../../reporters/render/json.ts'
import { renderMarkdown } from '../../reporters/render/markdown.ts'
import { bigRun } from '../reporters/support/big-run.ts'
import { median } from './rounds.ts'

/** What a person waits for at the end of a run of 10 000 tests. */
const TARGET_MS = 1_000
const ROUNDS = 15

const folder = mkdtempSync(join(tmpdir(), 'shakedown-bench-'))
try {
  const file = join(folder, 'big.jsonl')
  writeFileSync(
    file,
    bigRun()
      .map((event) => `${JSON.stringify(event)}\n`)
      .join(''),
  )
  const parts: Record<string, number[]> = {
    'read the journal': [],
    'build the report': [],
    html: [],
    markdown: [],
    json: [],
    console: [],
    'all of it': [],
  }
  for (let round = 0; round < ROUNDS; round++) {
    const startedMs = performance.now()
    const time = <T>(part: string, work: () => T): T => {
      const partStartedMs = performance.now()
      const result = work()
      parts[part]!.push(performance.now() - partStartedMs)
      return result
    }
    const { events } = time('read the journal', () => readJournal(file))
    const report = time('build the report', () => buildReport(events))
    time('html', () => renderHtml(report))
    time('markdown', () => renderMarkdown(report))
    time('json', () => renderJson(report))
    time('console', () => renderConsole(report, { color: false, columns: 80 }))
    parts['all of it']!.push(performance.now() - startedMs)
  }
  console.log(
    `Node ${process.version}. A run of 10 000 tests, 500 of them failed; medians and first of ${ROUNDS} rounds.\n`,
  )
  for (const [part, ms] of Object.entries(parts)) {
    const verdict =
      part === 'all of it' ? `  target ≤ ${TARGET_MS} ms: ${median(ms) <= TARGET_MS ? 'met' : 'MISSED'}` : ''
    console.log(
      `  ${part.padEnd(18)} ${median(ms).toFixed(1).padStart(8)} ms  first ${ms[0]!.toFixed(1).padStart(8)} ms${verdict}`,
    )
  }
} finally {
  rmSync(folder, { recursive: true })
}
