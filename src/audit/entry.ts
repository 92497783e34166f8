import type { AuditRecord } from './records.ts'
import type { PayloadCodec, Snapshot } from './payload.ts'

/**
 * A record as `append` keeps it: what the caller may still change is a snapshot here, and the record's own fields
 * for it are not looked at again. Everything else in a record is immutable by contract.
 */
export interface Entry {
  readonly record: AuditRecord
  /** What the record got: the input of a run or an attempt, a step's metadata, an event's detail. */
  readonly got: Snapshot
  /** What it gave: the output of a run or an attempt. */
  readonly gave: Snapshot
}

export function entryOf(record: AuditRecord, codec: PayloadCodec): Entry {
  switch (record.kind) {
    case 'run-started':
      return { record, got: codec.snapshot(record.input), gave: null }
    case 'attempt':
      return { record, got: codec.snapshot(record.input), gave: codec.snapshot(record.output) }
    case 'run-finished':
      return { record, got: null, gave: codec.snapshot(record.output) }
    case 'step':
      return { record, got: codec.bagSnapshot(record.metadata), gave: null }
    case 'event':
      return { record, got: codec.bagSnapshot(record.detail), gave: null }
    case 'token':
    case 'outcome':
      return { record, got: null, gave: null }
  }
}

/** Metadata or a detail as it is read back. */
export function bagOf(json: string | null): Readonly<Record<string, unknown>> {
  if (json === null) return {}
  const bag: unknown = JSON.parse(json)
  // Not an object only when the whole of it was unreadable or had to be redacted: then it is that text.
  return typeof bag === 'object' && bag !== null ? (bag as Record<string, unknown>) : { '[unreadable]': bag }
}
