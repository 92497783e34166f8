import { bagOf, type Entry } from '../entry.ts'
import type { MemoryRun } from './memory-run.ts'
import type { PayloadCodec } from '../payload.ts'
import type { AttemptRecord, EventRecord, OutcomeRecord, StepRecord, TokenRecord } from '../records.ts'
import type { RunRow, RunTrail } from '../store.ts'

type Writable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer Row)[] ? Row[] : T[K] }
type Rows = Writable<Pick<RunTrail, 'tokenRows' | 'attemptRows' | 'stepRows' | 'eventRows' | 'outcomeRows'>>

/** A run in memory as a row of the list of runs. */
export function runRow({ started, finished }: MemoryRun, codec: PayloadCodec): RunRow {
  return {
    runId: started.runId,
    pipeline: codec.text(started.pipeline),
    status: finished?.status ?? 'running',
    startedWallMs: started.wallMs,
    finishedWallMs: finished?.wallMs ?? null,
    latencyMs: finished?.latencyMs ?? null,
    attempts: finished?.attempts ?? null,
    costUsd: finished?.usage.costUsd ?? null,
    tokens: finished?.usage.tokens ?? null,
    feedback: textOf(finished?.feedback ?? null, codec),
  }
}

/** A run in memory as the read model shows it: what the SQLite store would have written is made here. */
export function memoryTrail(run: MemoryRun, codec: PayloadCodec): RunTrail {
  const { entries, finished, finishedAt } = run
  const rows: Rows = { tokenRows: [], attemptRows: [], stepRows: [], eventRows: [], outcomeRows: [] }
  for (const [index, entry] of entries.entries()) addRow(rows, entry, index + 1, codec)
  return {
    ...runRow(run, codec),
    finishedSeq: finished === undefined ? null : finishedAt + 1,
    input: codec.stored(entries[0]?.got ?? null),
    output: codec.stored(entries[finishedAt]?.gave ?? null),
    error: codec.storedError(finished?.error ?? null),
    ...rows,
  }
}

function addRow(rows: Rows, entry: Entry, seq: number, codec: PayloadCodec): void {
  const { record } = entry
  switch (record.kind) {
    case 'token':
      rows.tokenRows.push(tokenRow(record, seq))
      return
    case 'attempt':
      rows.attemptRows.push(attemptRow(record, entry, seq, codec))
      return
    case 'step':
      rows.stepRows.push(stepRow(record, entry, seq, codec))
      return
    case 'event':
      rows.eventRows.push(eventRow(record, entry, seq, codec))
      return
    case 'outcome':
      rows.outcomeRows.push(outcomeRow(record, seq, codec))
      return
    case 'run-started':
    case 'run-finished':
  }
}

function tokenRow({ tokenId, parentId, atMs }: TokenRecord, seq: number): Rows['tokenRows'][number] {
  return { seq, tokenId, parentId, atMs }
}

function attemptRow(
  record: AttemptRecord,
  { got, gave }: Entry,
  seq: number,
  codec: PayloadCodec,
): Rows['attemptRows'][number] {
  return {
    seq,
    tokenId: record.tokenId,
    path: codec.text(record.path),
    step: codec.text(record.step),
    attempt: record.attempt,
    status: record.status,
    startedAtMs: record.startedAtMs,
    latencyMs: record.latencyMs,
    delayMs: record.delayMs,
    usage: record.usage,
    input: codec.stored(got),
    output: codec.stored(gave),
    error: codec.storedError(record.error),
  }
}

function stepRow(
  record: StepRecord,
  { got }: Entry,
  seq: number,
  codec: PayloadCodec,
): Rows['stepRows'][number] {
  return {
    seq,
    tokenId: record.tokenId,
    path: codec.text(record.path),
    step: codec.text(record.step),
    node: record.node,
    status: record.status,
    attempts: record.attempts,
    latencyMs: record.latencyMs,
    atMs: record.atMs,
    usage: record.usage,
    feedback: textOf(record.feedback, codec),
    metadata: bagOf(codec.storedBag(got)),
  }
}

function eventRow(
  record: EventRecord,
  { got }: Entry,
  seq: number,
  codec: PayloadCodec,
): Rows['eventRows'][number] {
  return {
    seq,
    path: codec.text(record.path),
    event: record.event,
    atMs: record.atMs,
    detail: bagOf(codec.storedBag(got)),
  }
}

function outcomeRow(record: OutcomeRecord, seq: number, codec: PayloadCodec): Rows['outcomeRows'][number] {
  const { tokenId, outcome, reason, errorHash, atMs } = record
  return { seq, tokenId, outcome, reason: textOf(reason, codec), errorHash, atMs }
}

function textOf(text: string | null, codec: PayloadCodec): string | null {
  return text === null ? null : codec.text(text)
}
