import { tableOf } from './columns/tables.ts'
import type { PayloadCodec, Snapshot } from './payload.ts'
import type { AuditRecord } from './records.ts'

/**
 * A record as `append` keeps it: what the caller may still change is a snapshot here, and the record's own fields
 * for it are not looked at again. Everything else in a record is immutable by contract.
 */
export interface Entry {
  readonly record: AuditRecord
  /** Of the fields that may change, in the order of their table. */
  readonly snapshots: readonly Snapshot[]
}

export function entryOf(record: AuditRecord, codec: PayloadCodec): Entry {
  return { record, snapshots: tableOf(record).snapshots(record, codec) }
}
