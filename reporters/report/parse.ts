import type * as z from '../../src/base/zod.ts'
import { ShakedownError } from '../../src/base/errors.ts'
import { SCHEMA_VERSION } from './model.ts'
import { runReportSchema } from './schema.ts'
import type { RunReport } from './model.ts'
import { firstOf, indented } from '../../src/base/listed.ts'
import { issueSentence } from '../../src/base/issue.ts'

/** A report of 10 000 tests with 500 long failures is about 10 MB; beyond this it is not a report of ours. */
const REPORT_BYTES_MAX = 256 * 1024 * 1024

/** Problems named in one message; the first ones explain the rest. */
const PROBLEMS_SHOWN_MAX = 3

/**
 * Reads a stored report that another program wrote: another release, a CI artifact, a hand.
 *
 * @param json the file's text
 * @param where what to call it in messages, usually its path
 * @throws ShakedownError `E_REPORT` when it is no report, `E_REPORT_VERSION` when a newer release wrote it
 * @example
 * const report = parseReport(readFileSync('.shakedown/report.json', 'utf8'), '.shakedown/report.json')
 */
export function parseReport(json: string, where: string): RunReport {
  if (json.length > REPORT_BYTES_MAX)
    throw new ShakedownError(
      'E_REPORT',
      `Expected ${where} to hold at most ${REPORT_BYTES_MAX} characters, got ${json.length}.`,
    )
  const data = parseJson(json, where)
  refuseOtherVersion(data, where)
  const parsed = runReportSchema.safeParse(data)
  if (parsed.success) return parsed.data
  throw new ShakedownError(
    'E_REPORT',
    `Expected ${where} to be a shakedown report:\n${problems(parsed.error)}`,
    {
      hint: 'Write the report again with the release that reads it.',
    },
  )
}

function parseJson(json: string, where: string): unknown {
  try {
    return JSON.parse(json)
  } catch (cause) {
    throw new ShakedownError('E_REPORT', `Expected ${where} to be JSON, got: ${String(cause)}`, { cause })
  }
}

function refuseOtherVersion(data: unknown, where: string): void {
  const version =
    typeof data === 'object' && data !== null && 'schemaVersion' in data ? data.schemaVersion : undefined
  if (typeof version !== 'number' || version <= SCHEMA_VERSION) return
  throw new ShakedownError(
    'E_REPORT_VERSION',
    `Expected ${where} to have schemaVersion ${SCHEMA_VERSION}, got ${version}.`,
    { hint: 'It was written by a newer release of shakedown; update shakedown to read it.' },
  )
}

function problems(error: z.ZodError): string {
  return indented(firstOf(error.issues.map(issueSentence), PROBLEMS_SHOWN_MAX)).join('\n')
}
