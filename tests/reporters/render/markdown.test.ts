import { renderHtml } from '../../../reporters/render/html.ts'
import { expect, test } from 'vitest'
import { buildReport } from '../../../reporters/analyse/build-report.ts'
import { COMMENT_BYTES_MAX, renderMarkdown, SUMMARY_BYTES_MAX } from '../../../reporters/render/markdown.ts'
import { anError, testFinished, wholeFile, wholeRun } from '../support/events.ts'
import { sampleReport } from '../support/sample-report.ts'
import type { RunReport } from '../../../reporters/report/model.ts'

/** A report with so many failures, each with a message, a diff and a stack of so many characters. */
function bigReport(failures: number, chars: number): RunReport {
  const error = anError('m'.repeat(chars), {
    diff: `- ${'d'.repeat(chars)}`,
    stack: `at ${'s'.repeat(chars)} (a.ts:1:1)\nat b (b.ts:1:1)`,
  })
  const tests = Array.from({ length: failures }, (_, index) =>
    testFinished('a.test.ts', `t${index}`, 'failed', { errors: [error] }),
  )
  return buildReport(wholeRun(wholeFile('a.test.ts', tests), 'failed'))
}

test('failures come first, with their error, diff and place', () => {
  expect(renderMarkdown(sampleReport())).toContain(`### Failures (9)

#### \`tests/checkout/cart.test.ts\` › \`cart > with a server\`

**FAIL** · in beforeAll

\`\`\`text
Error: no server
\`\`\`

#### \`tests/checkout/cart.test.ts\` › \`cart > sums its lines\`

**FAIL** · 12 ms · 2 attempts · \`src/cart.ts:31:5\`

\`\`\`text
AssertionError: expected { lines: 2, total: 30 } to deeply equal { lines: 2, total: 31 }
Caused by Error: connection reset
  at src/http.ts:8:5
\`\`\`

\`\`\`diff
- Expected`)
})

test('a report that fits says everything and that nothing is missing', () => {
  const text = renderMarkdown(sampleReport())
  expect(text).toContain('<summary>Stack</summary>')
  expect(text).toContain('<summary>Skipped and deselected (4)</summary>')
  expect(text).not.toContain('Left out to fit')
})

test('a report that does not fit drops detail in the stated order and says what', () => {
  const whole = Buffer.byteLength(renderMarkdown(bigReport(50, 500), { bytesMax: Infinity }))
  const text = renderMarkdown(bigReport(50, 500), { bytesMax: whole - 1 })
  expect(text).toContain('_Left out to fit: stack traces. report.html has everything._')
  expect(text).not.toContain('ssss')
  expect(text).toContain('dddd')
})

test.each([
  ['a job summary', SUMMARY_BYTES_MAX],
  ['a comment', COMMENT_BYTES_MAX],
  ['next to nothing', 2_000],
])('%s is never too long, however much failed', (_name, bytesMax) => {
  for (const report of [bigReport(2_000, 2_000), bigReport(20, 10_000), bigReport(3_000, 10)]) {
    const text = renderMarkdown(report, { bytesMax })
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(bytesMax)
    expect(text).toContain('❌ FAILED')
  }
})

test('at every level of detail tables, fences and folds are whole', () => {
  const whole = Buffer.byteLength(renderMarkdown(sampleReport(), { bytesMax: Infinity }))
  const seen = new Set<string>()
  for (let bytesMax = 600; bytesMax <= whole; bytesMax += 10) {
    const text = renderMarkdown(sampleReport(), { bytesMax })
    seen.add(/Left out to fit: (.*)\. report/.exec(text)?.[1] ?? '')
    for (const line of text.split('\n').filter((row) => row.startsWith('|'))) expect(line).toMatch(/^\|.*\|$/)
    expect((text.match(/^`{3,}/gm) ?? []).length % 2).toBe(0)
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length)
  }
  expect(seen.size).toBeGreaterThan(3)
})

test('a passed run is short', () => {
  const report = buildReport(wholeRun(wholeFile('a.test.ts', [testFinished('a.test.ts', 'adds', 'passed')])))
  expect(renderMarkdown(report)).toContain(
    '## ✅ PASSED\n\n1 s · exit code 0 · `main@13b1692` · `Vitest 5.1.0` · `Node 24.21.0`\n',
  )
})

test('a gate that is exceeded stands openly near the top, at every level of detail', () => {
  const fine = { name: 'timeouts', limit: 0, actual: 0, ok: true }
  const gates = [fine, { name: 'warnings', limit: 3, actual: 1_234, ok: false }]
  const text = renderMarkdown({ ...sampleReport(), gates })
  const [open = ''] = text.split(/<details>|\n### /)
  expect(open).toContain('**Gates exceeded**\n\n- **`warnings`**: 1,234, allowed 3\n')
  expect(open).not.toContain('timeouts`**')
  expect(renderMarkdown({ ...sampleReport(), gates }, { bytesMax: 1 })).toContain('**Gates exceeded**')
  expect(renderMarkdown({ ...sampleReport(), gates: [fine] })).not.toContain('Gates exceeded')
})

test('one fault that fired is one fault', () => {
  const { scenarios, ...report } = sampleReport()
  const shown = (faultsFired: number): string =>
    renderMarkdown({ ...report, scenarios: { ...scenarios, faultsFired } })
  expect(shown(1)).toContain(', 1 fault fired; ')
  expect(shown(2)).toContain(', 2 faults fired; ')
  expect(shown(0)).not.toContain('fired;')
})

test('each error of a failure has its own place', () => {
  const report = sampleReport()
  const [failure] = report.failures
  if (failure === undefined) throw new Error('The sample has a failure.')
  const location = { file: 'scenarios/orders.scenario.yaml', line: 7, column: 3 }
  const more = { ...failure, moreErrors: [{ ...failure.error, location }] }
  const both = { ...report, failures: [more] }
  expect(renderMarkdown(both)).toContain('**Also** · `scenarios/orders.scenario.yaml:7:3`')
  expect(renderHtml(both)).toContain('scenarios/orders.scenario.yaml:7:3')
})

test('the next step of a scenario that left runs is in the summary and on the page, with the folder they are in', () => {
  const told = (options: { reportDir?: string }): (string | undefined)[] => [
    /Next: `(.*)`/.exec(renderMarkdown(sampleReport(), options))?.[1],
    /Next: <span class="mono">(.*?)<\/span>/.exec(renderHtml(sampleReport(), options))?.[1],
  ]
  const command = 'npx shakedown explain run-1'
  expect(told({})).toEqual([command, command])
  expect(told({ reportDir: 'out' })).toEqual(Array(2).fill(`${command} --db out/runs.db`))
})
