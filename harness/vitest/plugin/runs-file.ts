import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { RUNS_FILE } from '../../../reporters/report/places.ts'

/** Size at which the database is started anew: some twenty thousand runs, months of work on one project. */
const RUNS_BYTES_MAX = 67_108_864

/**
 * Names the database that workers keep the runs of scenarios in. One that has grown too large is removed first, with
 * what SQLite keeps beside it; another process that still has it open goes on with the removed file.
 */
export function prepareRunsFile(reportDir: string): string {
  const file = join(reportDir, RUNS_FILE)
  const bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (bytes > RUNS_BYTES_MAX) {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true })
  }
  return file
}
