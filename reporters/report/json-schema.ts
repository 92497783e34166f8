import * as z from '../../src/base/zod.ts'
import { runReportSchema } from './schema.ts'

/** Where the published schema can be found; also its identity. */
const SCHEMA_ID = 'https://unpkg.com/shakedown/reporters/report/run-report.schema.json'

/**
 * The JSON Schema (draft 2020-12) of a report, as text; `run-report.schema.json` beside this file holds it.
 *
 * Generated from the zod schema so that there is one truth. Unknown keys stay allowed: a consumer that validates
 * must not reject the report of a later release with the same `schemaVersion`.
 *
 * @example
 * const schema = JSON.parse(runReportJsonSchema()) as { $schema: string }
 */
export function runReportJsonSchema(): string {
  const { $schema, ...body } = z.toJSONSchema(runReportSchema, { io: 'input' })
  const schema = { $schema, $id: SCHEMA_ID, title: 'shakedown RunReport', ...body }
  return `${JSON.stringify(schema, null, 2)}\n`
}
