import path from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { renderJson } from '../../../reporters/render/json.ts'
import { runReportJsonSchema } from '../../../reporters/report/json-schema.ts'
import { sampleReport } from '../support/sample-report.ts'

const FILE = path.resolve(import.meta.dirname, '../../../reporters/report/run-report.schema.json')

const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
  JSON.parse(runReportJsonSchema()),
)

test('the published JSON Schema is the one the code validates with', async () => {
  // To write it again: vitest run tests/reporters/report/json-schema --update
  await expect(runReportJsonSchema()).toMatchFileSnapshot(FILE)
})

test('a full report is valid under the JSON Schema, also with keys of a later release', () => {
  const report: object = JSON.parse(renderJson(sampleReport()))
  validate({ ...report, later: true })
  expect(validate.errors).toBe(null)
})

test('a report without its totals is not valid', () => {
  const { totals: _totals, ...rest } = sampleReport()
  expect(validate(rest)).toBe(false)
})
