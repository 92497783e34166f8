/**
 * Where reports and journals go unless the configuration says otherwise; relative to the project root.
 *
 * @example
 * const journals = listJournals(REPORT_DIR)
 */
export const REPORT_DIR = '.shakedown'

/** The audit database of scenario runs, inside the report folder. */
export const RUNS_FILE = 'runs.db'
