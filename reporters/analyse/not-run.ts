import type { FileTally, RunTally } from './tally.ts'

/** What is said of tests and files that `--bail` left out. */
export const NOT_RUN_BAIL = 'not run (bail)'

/** What is said of tests that had not begun when the run was interrupted. */
export const NOT_RUN_INTERRUPTED = 'not run (interrupted)'

/**
 * Marks the files that were left out on purpose: with `--bail`, Vitest starts nothing more after so many failures.
 * Call it when crashes have found their files; what crashed or hung is lost whatever else was decided.
 */
export function markNotRun(run: RunTally): void {
  if (run.ended?.status !== 'bailed') return
  for (const file of run.files.values()) file.notRun = !file.finished && !file.hang && !file.crash
}

/** A file that was to run and never reached its end. */
export function isLost(file: FileTally): boolean {
  return !file.finished && !file.notRun
}
