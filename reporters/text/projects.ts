import type { RunReport } from '../report/model.ts'

/**
 * The report with the project beside each file, `tests/a.test.ts [unit]`, where a run has several of them: the same
 * file can run in two. With one project nobody asks.
 */
export function withProjectNames(report: RunReport): RunReport {
  const projects = new Set(report.files.map(({ project }) => project))
  if (projects.size < 2) return report
  return {
    ...report,
    files: report.files.map((file) => ({ ...file, path: named(file.path, file.project) })),
    failures: report.failures.map(inProject),
    timeouts: report.timeouts.map(inProject),
    asyncErrors: report.asyncErrors.map(inProject),
    skipped: report.skipped.map(inProject),
    slowest: report.slowest.map(inProject),
    flaky: report.flaky.map(inProject),
    warnings: { ...report.warnings, byFile: report.warnings.byFile.map(inProject) },
  }
}

function inProject<T extends { readonly file: string | null; readonly project?: string }>(entry: T): T {
  const { file, project } = entry
  return file === null || file === '' ? entry : { ...entry, file: named(file, project) }
}

function named(file: string, project: string | undefined): string {
  return project === undefined ? file : `${file} [${project}]`
}
