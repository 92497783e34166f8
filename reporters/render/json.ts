import type { RunReport } from '../report/model.ts'

/**
 * The report as `report.json` holds it; `parseReport` reads it back.
 *
 * @example
 * parseReport(renderJson(report), 'the report just made').run.status === report.run.status // true
 */
export function renderJson(report: RunReport): string {
  return `${JSON.stringify(report, null, 2)}\n`
}
