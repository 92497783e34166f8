import type { SerializedError, Usage } from '../../base/result.ts'
import { type PayloadCodec, type Snapshot, storedError, StoredText } from '../payload.ts'
import type { Arrival, Loss } from '../records.ts'
import type { StoredPayload } from '../store.ts'
import { columnOf, payloadOf } from './payload-column.ts'

/** What one column of a row holds. */
export type Cell = string | number | null

/**
 * How one kind of field is kept. `V` is what a record holds, `S` what a row of a trail shows.
 *
 * Both stores go through it, the one in memory too: so what it shows is what the file would have held.
 */
export interface Kind<V, S> {
  /** The names of its columns. */
  columns(field: string): readonly string[]
  /** For what the caller may change after `append`: what is kept of it. `write` gets this then. */
  readonly snapshot?: (value: V, codec: PayloadCodec) => Snapshot
  /** True for a value that cannot change after all, so that its snapshot can wait until it is stored. */
  readonly fixed?: (value: V) => boolean
  /** Adds one cell for each column. */
  write(cells: Cell[], value: V, codec: PayloadCodec, snapshot: Snapshot): void
  /** @param at where its first cell is */
  read(cells: readonly Cell[], at: number): S
  /** What a record held that is read back as this; stored once more, it stays the same. */
  revive(stored: S): V
}

/** A number, an id, a word of the engine's own: kept as it is. */
export function plain<V extends Cell>(): Kind<V, V> {
  return {
    columns: oneColumn,
    write: (cells, value) => void cells.push(value),
    read: (cells, at) => cells[at] as V,
    revive: same,
  }
}

/** Text that people wrote: redacted, and cut when it is too long. */
export function text<V extends string | null>(): Kind<V, V> {
  return {
    columns: oneColumn,
    write: (cells, value, codec) => void cells.push(value === null ? null : codec.text(value)),
    read: (cells, at) => cells[at] as V,
    revive: same,
  }
}

/** Data that people made: an input, an output. */
export const payload: Kind<unknown, StoredPayload | null> = {
  columns: oneColumn,
  snapshot: (value, codec) => codec.snapshot(value),
  fixed: (value) => value === null || (typeof value !== 'object' && typeof value !== 'function'),
  write: (cells, _value, codec, snapshot) => void cells.push(columnOf(codec.stored(snapshot))),
  read: (cells, at) => payloadOf(cells[at] as string | null),
  revive: (stored) => (stored === null ? undefined : new StoredText(stored)),
}

export const error: Kind<SerializedError | null, StoredPayload | null> = {
  columns: oneColumn,
  write: (cells, value, codec) => void cells.push(columnOf(codec.storedError(value))),
  read: (cells, at) => payloadOf(cells[at] as string | null),
  revive: storedError,
}

type Bag = Readonly<Record<string, unknown>>

/** Metadata, details: an object of whatever is worth knowing. */
export const bag: Kind<Bag, Bag> = {
  columns: oneColumn,
  snapshot: (value, codec) => codec.bagSnapshot(value),
  write: (cells, _value, codec, snapshot) => void cells.push(codec.storedBag(snapshot)),
  read: (cells, at) => bagOf(cells[at] as string | null),
  revive: same,
}

export const usage: Kind<Usage, Usage> = {
  columns: () => ['cost_usd', 'tokens'],
  write: (cells, value) => void cells.push(value.costUsd, value.tokens),
  read: (cells, at) => ({ costUsd: cells[at] as number, tokens: cells[at + 1] as number }),
  revive: same,
}

/** Ids, as a list: never redacted, because they are looked up. */
export const ids: Kind<readonly string[], readonly string[]> = listOf((id) => id)

export const branches: Kind<readonly string[], readonly string[]> = listOf((name, codec) => codec.text(name))

export const arrivals: Kind<readonly Arrival[], readonly Arrival[]> = listOf(
  ({ branch, tokenId, atMs }, codec) => ({ branch: codec.text(branch), tokenId, atMs }),
)

export const losses: Kind<readonly Loss[], readonly Loss[]> = listOf(({ branch, reason }, codec) => ({
  branch: codec.text(branch),
  reason: codec.text(reason),
}))

/** A list as JSON; nothing for an empty one. */
function listOf<T>(stored: (item: T, codec: PayloadCodec) => T): Kind<readonly T[], readonly T[]> {
  return {
    columns: oneColumn,
    write(cells, list, codec) {
      cells.push(list.length === 0 ? null : JSON.stringify(list.map((item) => stored(item, codec))))
    },
    read: (cells, at) => (cells[at] === null ? [] : (JSON.parse(cells[at] as string) as T[])),
    revive: same,
  }
}

/** `startedAtMs` is kept as `started_at_ms`. */
function oneColumn(field: string): readonly string[] {
  return [field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)]
}

function same<T>(value: T): T {
  return value
}

function bagOf(json: string | null): Bag {
  if (json === null) return {}
  const parsed: unknown = JSON.parse(json)
  // Not an object only when the whole of it was unreadable or had to be redacted: then it is that text.
  return typeof parsed === 'object' && parsed !== null ? (parsed as Bag) : { '[unreadable]': parsed }
}
