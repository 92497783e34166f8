import type { WarningFingerprint, WarningSummary } from '../report/model.ts'
import { projectOf } from './tally.ts'
import type { RunTally } from './tally.ts'

/** Fingerprints in a report: more than one person fixes in one sitting. */
const TOP_MAX = 20

/** Files named per fingerprint. */
const FILES_MAX = 20

/** What stands for the file of warnings that came from no known file. */
const UNKNOWN_FILE = '(unknown file)'

interface Counted {
  readonly first: Omit<WarningFingerprint, 'files'>
  count: number
  readonly files: Set<string>
}

/** Adds up the warnings of all runs: exact in total and per file. */
export function warningsOf(runs: readonly RunTally[]): WarningSummary {
  const byFile = new Map<string, { readonly file: string; readonly project?: string; count: number }>()
  const byFingerprint = new Map<string, Counted>()
  let overflow = 0
  for (const event of runs.flatMap((run) => run.warnings)) {
    const file = event.file ?? UNKNOWN_FILE
    const key = `${event.project ?? ''}\n${file}`
    const counted = byFile.get(key) ?? { file, ...projectOf(event), count: 0 }
    byFile.set(key, counted)
    counted.count += event.count
    overflow += event.overflow
    for (const seen of event.fingerprints) {
      const known = byFingerprint.get(seen.fingerprint) ?? { first: seen, count: 0, files: new Set() }
      byFingerprint.set(seen.fingerprint, known)
      known.count += seen.count
      if (known.files.size < FILES_MAX) known.files.add(file)
    }
  }
  return {
    total: byFile.values().reduce((sum, { count }) => sum + count, 0),
    byFile: [...byFile.values()].toSorted(mostFirst(({ file, project = '' }) => `${file}\n${project}`)),
    top: [...byFingerprint.values()]
      .map(({ first: { fingerprint, sample, location }, count, files }) => ({
        fingerprint,
        count,
        sample,
        location,
        files: [...files],
      }))
      .toSorted(mostFirst((entry) => entry.fingerprint))
      .slice(0, TOP_MAX),
    overflow,
  }
}

/** Equal counts are ordered by name, so that the same run gives the same report. */
function mostFirst<T extends { readonly count: number }>(name: (entry: T) => string): (a: T, b: T) => number {
  return (a, b) => b.count - a.count || (name(a) < name(b) ? -1 : 1)
}
