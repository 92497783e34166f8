import type { WorkerCrashed } from '../journal/events.ts'
import type { FileTally, RunTally } from './tally.ts'

/**
 * Gives each file whose worker died the crash that killed it, and returns the crashes that belong to no file.
 *
 * Vitest 5 names the file. Vitest 4 does not, but reports one crash per file it lost, so that with as many nameless
 * crashes as started, unfinished files each of them has crashed.
 */
export function assignCrashes(run: RunTally): readonly WorkerCrashed[] {
  const unfinished = [...run.files.values()].filter((file) => !file.finished && !file.hang)
  const nameless = run.crashes.filter((crash) => !assignByName(unfinished, crash))
  const candidates = unfinished.filter((file) => file.startedAtMs !== undefined && !file.crash)
  if (candidates.length === 0 || nameless.length < candidates.length) return nameless
  for (const [index, file] of candidates.entries()) file.crash = nameless[index]
  return nameless.slice(candidates.length)
}

function assignByName(unfinished: readonly FileTally[], crash: WorkerCrashed): boolean {
  const file = unfinished.find((candidate) => candidate.file === crash.file && !candidate.crash)
  if (file) file.crash = crash
  return file !== undefined
}
