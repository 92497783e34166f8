export { SCHEMA_VERSION } from './report/model.ts'
export { REPORT_DIR } from './report/places.ts'
export { parseReport } from './report/parse.ts'
export { runReportSchema } from './report/schema.ts'
export { runReportJsonSchema } from './report/json-schema.ts'
export type { ErrorCause, ErrorInfo, SourceLocation } from './report/error-info.ts'
export type {
  AsyncError,
  BenchResult,
  CiInfo,
  Confidence,
  Failure,
  FlakyTest,
  Gate,
  Phase,
  Remark,
  RunEnd,
  RunExitCode,
  RunInfo,
  RunReport,
  RunStatus,
  Shard,
  SkippedTest,
  SlowTest,
  Timeout,
  Totals,
  WarningFingerprint,
  WarningSummary,
} from './report/model.ts'
export type { FileReport, FileStatus, TestResult } from './report/files.ts'

export type {
  ScenarioComparison,
  ScenarioItem,
  ScenarioProblem,
  ScenarioRemark,
  ScenarioStatus,
  ScenarioSummary,
} from './report/scenarios.ts'

export { listJournals } from './journal/folder.ts'
export { parseJournal, readJournal } from './journal/reader.ts'
export { prepareReportDir } from './journal/report-dir.ts'
export type { Journal } from './journal/reader.ts'
export type { JournalEvent } from './journal/events.ts'

export { buildReport } from './analyse/build-report.ts'
export type { Budgets } from './analyse/gates.ts'

export { renderConsole } from './render/console.ts'
export { renderHtml } from './render/html.ts'
export { renderJson } from './render/json.ts'
export { COMMENT_BYTES_MAX, renderMarkdown, SUMMARY_BYTES_MAX } from './render/markdown.ts'
export { writeReports } from './write-reports.ts'
export type { ConsoleOptions } from './render/console.ts'
export type { MarkdownOptions } from './render/markdown.ts'
export type { WrittenReports } from './write-reports.ts'
