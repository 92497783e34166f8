import type { RunReport } from '../../../reporters/report/model.ts'

/** The failures of a report, one line each, to be compared at a glance. */
export function failureLines(report: RunReport): string[] {
  return report.failures.map(
    ({ file, test, status, phase, error }) =>
      `${file} > ${test ?? '-'}: ${status} in ${phase}: ${error.message.split('\n')[0]}`,
  )
}
