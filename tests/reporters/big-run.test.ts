import { expect, test } from 'vitest'
import { buildReport } from '../../reporters/analyse/build-report.ts'
import { renderConsole } from '../../reporters/render/console.ts'
import { renderHtml } from '../../reporters/render/html.ts'
import { renderJson } from '../../reporters/render/json.ts'
import { renderMarkdown, SUMMARY_BYTES_MAX } from '../../reporters/render/markdown.ts'
import { bigRun } from './support/big-run.ts'

test('a run of 10 000 tests, 500 of them failed, is counted right in every output', () => {
  const report = buildReport(bigRun())
  expect(report.totals).toMatchObject({ files: 400, tests: 10_000, failed: 500 })
  expect(JSON.parse(renderJson(report))).toMatchObject({ totals: { failed: 500 } })
  expect(renderConsole(report, { color: false, columns: 80 })).toContain('500 failed')
  expect(renderHtml(report)).toContain('500')
  expect(Buffer.byteLength(renderMarkdown(report))).toBeLessThanOrEqual(SUMMARY_BYTES_MAX)
})
