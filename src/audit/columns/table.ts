import type { PayloadCodec, Snapshot } from '../payload.ts'
import type { AuditRecord } from '../records.ts'
import type { Cell, Kind } from './kinds.ts'

type FieldOf<R> = Exclude<keyof R, 'kind' | 'runId'>

/** Every field of a record with the way it is kept. The compiler misses none. */
export type Fields<R, Row> = {
  readonly [F in FieldOf<R>]-?: Kind<R[F], F extends keyof Row ? Row[F] : never>
}

/**
 * One kind of record and its columns, in order. Inserting, selecting, the store in memory and copying a trail all go
 * by it, so a column is added in one place.
 */
export interface Table<R extends AuditRecord, Row> {
  readonly name: string
  /** As SQL names them. */
  readonly columns: readonly string[]
  /** What `append` keeps of a record's fields that may change afterwards. */
  snapshots(record: R, codec: PayloadCodec): readonly Snapshot[]
  /** Adds a record's cells, one for each column. */
  write(cells: Cell[], record: R, snapshots: readonly Snapshot[], codec: PayloadCodec): void
  /** @param at where the cells of the first column is */
  read(cells: readonly Cell[], at: number): Omit<Row, 'seq'>
  /** What `read` gives of what `write` wrote: for the store in memory. */
  stored(record: R, snapshots: readonly Snapshot[], codec: PayloadCodec): Omit<Row, 'seq'>
  /** The record's fields again, without `kind` and `runId`. */
  revive(row: Row): Pick<R, FieldOf<R>>
}

interface Field {
  readonly name: string
  readonly at: number
  readonly kind: Kind<unknown, unknown>
}

/** None, shared: most records hold nothing that may change. They are taken when the record is stored. */
const NOT_TAKEN: readonly Snapshot[] = Object.freeze([])

export function table<R extends AuditRecord, Row>(name: string, fields: Fields<R, Row>): Table<R, Row> {
  const columns: string[] = []
  const all: Field[] = []
  for (const [field, kind] of Object.entries(fields) as [string, Kind<unknown, unknown>][]) {
    all.push({ name: field, at: columns.length, kind })
    columns.push(...kind.columns(field))
  }
  const changing = all.filter(({ kind }) => kind.snapshot !== undefined)
  /** Of fields that are all empty, shared. */
  const nothing: readonly Snapshot[] = Object.freeze(changing.map(() => null))
  return {
    name,
    columns,
    snapshots(record, codec) {
      if (isFixed(record, changing)) return NOT_TAKEN
      let taken: Snapshot[] | undefined
      let index = 0
      for (const field of changing) {
        const snapshot = field.kind.snapshot?.(valueOf(record, field), codec) ?? null
        if (snapshot !== null) (taken ??= [...nothing])[index] = snapshot
        index++
      }
      return taken ?? nothing
    },
    write(cells, record, snapshots, codec) {
      let next = 0
      for (const field of all) {
        const { kind } = field
        const value = valueOf(record, field)
        const snapshot =
          snapshots === NOT_TAKEN || kind.snapshot === undefined
            ? kind.snapshot?.(value, codec)
            : snapshots[next++]
        kind.write(cells, value, codec, snapshot ?? null)
      }
    },
    read(cells, from) {
      const row: Record<string, unknown> = {}
      for (const { name: field, at, kind } of all) row[field] = kind.read(cells, from + at)
      return row as Omit<Row, 'seq'>
    },
    stored(record, snapshots, codec) {
      const cells: Cell[] = []
      this.write(cells, record, snapshots, codec)
      return this.read(cells, 0)
    },
    revive(row) {
      const entries = all.map((field) => [field.name, field.kind.revive(valueOf(row, field))] as const)
      return Object.fromEntries(entries) as Pick<R, FieldOf<R>>
    },
  }
}

/** By hand, because it is asked of every record of every run. */
function isFixed(record: unknown, changing: readonly Field[]): boolean {
  for (const field of changing) if (field.kind.fixed?.(valueOf(record, field)) !== true) return false
  return true
}

function valueOf(holder: unknown, { name }: Field): unknown {
  return (holder as Record<string, unknown>)[name]
}
