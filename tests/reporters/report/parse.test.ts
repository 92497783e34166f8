import { expect, test } from 'vitest'
import { parseReport } from '../../../reporters/report/parse.ts'
import { renderJson } from '../../../reporters/render/json.ts'
import { sampleReport } from '../support/sample-report.ts'

test('a report that was written reads back as it was', () => {
  const report = sampleReport()
  expect(parseReport(renderJson(report), 'report.json')).toEqual(report)
})

test('text that is not JSON is refused with the place it came from', () => {
  expect(() => parseReport('<html>', 'artifacts/report.json')).toThrow(
    /^Expected artifacts\/report\.json to be JSON, got: /,
  )
})

test('a report of a newer release is refused, with the advice to update', () => {
  const newer = JSON.stringify({ ...sampleReport(), schemaVersion: 2 })
  expect(() => parseReport(newer, 'report.json')).toThrow(
    expect.objectContaining({
      code: 'E_REPORT_VERSION',
      message: 'Expected report.json to have schemaVersion 1, got 2.',
      hint: expect.stringContaining('update shakedown'),
    }),
  )
})

test('a report with a field of the wrong type is refused, naming the field', () => {
  const broken = JSON.stringify({ ...sampleReport(), totals: { files: 'many' } })
  expect(() => parseReport(broken, 'report.json')).toThrow(
    expect.objectContaining({ code: 'E_REPORT', message: expect.stringContaining('totals.files') }),
  )
})

test.each(['null', '[]', '{}', '"report"', '{"schemaVersion":"1"}'])('%s is refused as no report', (json) => {
  expect(() => parseReport(json, 'report.json')).toThrow(expect.objectContaining({ code: 'E_REPORT' }))
})

test('keys that a later release added are dropped', () => {
  const report = sampleReport()
  const later = JSON.stringify({ ...report, weather: 'sunny', run: { ...report.run, mood: 'good' } })
  expect(parseReport(later, 'report.json')).toEqual(report)
})
