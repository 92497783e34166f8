import type { WorkerCrashed } from '../journal/events.ts'
import type { FileTally, RunTally } from './tally.ts'

/**
 * Gives each file whose worker died the crash that killed it, and returns the crashes that belong to no file.
 *
 * Vitest 5 names the file. Vitest 4 does not, but reports one crash per file it lost, so that with as many nameless
 * crashes as started, unfinished files each of them has crashed. A file that was stopped because it hung has its end
 * already: the crash of its worker is how it was stopped, and is not told again.
 */
export function assignCrashes(run: RunTally): readonly WorkerCrashed[] {
  const unfinished = [...run.files.values()].filter((file) => !file.finished)
  const hung = unfinished.filter((file) => file.hang)
  const running = unfinished.filter((file) => !file.hang)
  const nameless = run.crashes.filter((crash) => !takeByName(hung, crash) && !takeByName(running, crash))
  // Of those, as many as there are hung files whose crash was not named.
  const others = nameless.slice(hung.filter((file) => !file.crash).length)
  const candidates = running.filter((file) => file.startedAtMs !== undefined && !file.crash)
  if (candidates.length === 0 || others.length < candidates.length) return others
  for (const [index, file] of candidates.entries()) file.crash = others[index]
  return others.slice(candidates.length)
}

function takeByName(files: readonly FileTally[], crash: WorkerCrashed): boolean {
  const { file: path, project } = crash
  const found = files.find(
    (file) => file.file === path && !file.crash && (project === undefined || file.project === project),
  )
  if (found) found.crash = crash
  return found !== undefined
}
