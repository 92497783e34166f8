import type { JournalEvent } from '../../../reporters/journal/events.ts'
import type { ShakedownError } from '../../../src/base/errors.ts'
import type { VitestInstance } from './vitest-api.ts'

/** What the reporter that writes the journal tells of it. */
export interface JournalKeeper {
  readonly journal: string | undefined
  /** Settles when the journal of a run that was announced is open. */
  readonly started: Promise<void>
  unwritten(): { readonly text: string; readonly error: ShakedownError } | undefined
  readonly events: readonly JournalEvent[]
  /** How long the journal is; `undefined` when a test has changed it. */
  readonly journalBytes: number | undefined
  /** What it holds, as its SHA-256. */
  readonly journalSha256: string | undefined
}

/** The reporter may be a copy of the project's own, so it is known by what it has. */
export function journalKeeper({ config }: VitestInstance): JournalKeeper | undefined {
  return config.reporters.find(
    (entry): entry is JournalKeeper =>
      typeof entry === 'object' &&
      entry !== null &&
      'journal' in entry &&
      'started' in entry &&
      'unwritten' in entry &&
      'events' in entry &&
      'journalBytes' in entry &&
      'journalSha256' in entry,
  )
}
