/**
 * `timeout`: nothing but timeouts went wrong in it; `lost`: it was to run and never reached its end; `notRun`: `--bail`
 * left it out; `skipped`: none of its tests ran, skipped or deselected.
 */
export type FileStatus = 'passed' | 'failed' | 'timeout' | 'crashed' | 'lost' | 'notRun' | 'skipped'

export interface FileReport {
  readonly path: string
  /** Name of the Vitest project, in a workspace that names them. */
  readonly project?: string
  readonly status: FileStatus
  /** Running its tests and hooks; without the import. */
  readonly durationMs: number
  readonly tests: number
  readonly passed: number
  /** Failed or timed out. */
  readonly failed: number
  readonly warnings: number
  /** Every test of the file that began, in the order of their ends. Reports of earlier releases have none. */
  readonly results: readonly TestResult[]
}

/**
 * One test, for whoever looks for it by name; what went wrong with it is in `failures`, `timeouts`, `flaky` or
 * `skipped`.
 */
export interface TestResult {
  /** Full name, suites joined by ` > `. */
  readonly test: string
  /** `flaky`: passed when it was tried again; `unfinished`: it began and has no result. */
  readonly status:
    | 'passed'
    | 'flaky'
    | 'failed'
    | 'timeout'
    | 'skipped'
    | 'todo'
    | 'deselected'
    | 'unfinished'
  readonly durationMs: number
  /** How often it was tried again; absent where it was not. */
  readonly retries?: number
}
