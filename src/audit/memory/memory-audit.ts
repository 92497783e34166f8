import * as z from '../../base/zod.ts'
import { parseOptions } from '../../base/options.ts'
import { ADAPTER_NODE, type AdapterUse, adapterUseOf } from '../adapter-uses.ts'
import { entryOf } from '../entry.ts'
import { MemoryDurable } from './memory-durable.ts'
import { MemoryRun } from './memory-run.ts'
import { memoryTrail, memoryRow } from './memory-trail.ts'
import { createPayloadCodec, type PayloadCodec, type PayloadOptions, payloadShape } from '../payload.ts'
import type { AuditRecord } from '../records.ts'
import * as refusals from '../refusals.ts'
import { limitOf } from '../run-filter.ts'
import type { AuditStore, Conservation, RunFilter, RunRow, RunTrail } from '../store.ts'

/** Runs kept by default: a long exploration's, at a few KB each some tens of MB. */
const RUNS_MAX = 10_000
/** As many as the SQLite store lists. */
const OPEN_MAX = 100

/**
 * @example
 * const options: MemoryAuditOptions = { runsMax: 100, redact: [apiKey] }
 */
export interface MemoryAuditOptions extends PayloadOptions {
  /**
   * Runs kept; beyond it the one that ended first is dropped, whole. A run that has not ended is never dropped, so
   * more are kept while more are going on. 1 to 1 000 000; default 10 000.
   */
  readonly runsMax?: number | undefined
}

const optionsSchema = z.strictObject({
  runsMax: z.int().min(1).max(1_000_000).optional(),
  ...payloadShape,
})

/**
 * The audit trail in memory: the twin of the SQLite store, for tests and exploration. It stores the same, refuses
 * the same and reads back the same; but it refuses in `append`, at once, and nothing ever waits. So a run is quicker than
 * one on disk, where an attempt starts when what led to it is committed, and an earlier attempt that ends late can have
 * its row after that of a retry instead of before it: rows are in the order in which things happened.
 *
 * Can still be read after it is closed.
 *
 * @throws ConfigurationError for an unknown or impossible option
 *
 * @example
 * const audit = memoryAudit({ runsMax: 100 })
 * await createEngine({ audit }).run(article, 'tides')
 * console.log(audit.runs()[0]?.status, audit.conservation().ok)
 */
export function memoryAudit(options?: MemoryAuditOptions): AuditStore {
  if (options === undefined) return new MemoryStore((plainCodec ??= createPayloadCodec({})), RUNS_MAX)
  const { runsMax, ...payload } = parseOptions<MemoryAuditOptions>(optionsSchema, options, 'memoryAudit')
  return new MemoryStore(createPayloadCodec(payload), runsMax ?? RUNS_MAX)
}

/** The codec of all stores without options: it holds nothing of any, and a simulation makes a store for each run. */
let plainCodec: PayloadCodec | undefined

class MemoryStore implements AuditStore {
  readonly #codec: PayloadCodec
  readonly #runsMax: number
  /** In the order they started. */
  readonly #runs = new Map<string, MemoryRun>()
  /** Runs that accept nothing that would be missed: they have ended, or were refused. In that order. */
  readonly #over = new Set<string>()
  #closed = false
  readonly durable = new MemoryDurable(this.#runs, this.#over)

  constructor(codec: PayloadCodec, runsMax: number) {
    this.#codec = codec
    this.#runsMax = runsMax
  }

  append(record: AuditRecord): void {
    if (this.#closed) throw refusals.afterClose(record)
    const { runId } = record
    const known = this.#runs.get(runId)
    // A caller that starts it again is refused; the run itself goes on.
    if (known !== undefined && record.kind === 'run-started') throw refusals.startedTwice(runId)
    const run = known ?? this.#start(record)
    try {
      run.add(entryOf(record, this.#codec))
    } catch (refused) {
      this.#over.add(runId)
      throw refused
    }
    if (record.kind !== 'run-finished') return
    if (record.status !== 'paused') this.#over.add(runId)
    this.durable.ended(runId, record.status)
  }

  committed(): undefined {
    return undefined
  }

  async close(): Promise<void> {
    this.#closed = true
  }

  runs(filter: RunFilter = {}): readonly RunRow[] {
    const { status, pipeline, sinceWallMs = -Infinity, runIdPrefix = '' } = filter
    return [...this.#runs.values()]
      .map((run) => memoryRow(run, this.#codec))
      .filter(
        (row) =>
          (status === undefined || row.status === status) &&
          (pipeline === undefined || row.pipeline === pipeline) &&
          row.runId.startsWith(runIdPrefix) &&
          row.startedWallMs >= sinceWallMs,
      )
      .toReversed()
      .toSorted((a, b) => b.startedWallMs - a.startedWallMs)
      .slice(0, limitOf(filter))
  }

  trail(runId: string): RunTrail | undefined {
    const run = this.#runs.get(runId)
    return run === undefined ? undefined : memoryTrail(run, this.#codec)
  }

  isJoined(runId: string, joinGroup: string): boolean {
    return this.#runs.get(runId)?.isJoined(joinGroup) === true
  }

  conservation(): Conservation {
    const counts = [...this.#runs.values()].map((run) => run.conservation())
    const open = counts
      .filter(({ tokens, outcomes }) => tokens !== outcomes)
      .toReversed()
      .toSorted((a, b) => Number(b.finished) - Number(a.finished))
    return {
      tokens: counts.reduce((sum, { tokens }) => sum + tokens, 0),
      outcomes: counts.reduce((sum, { outcomes }) => sum + outcomes, 0),
      open: open.slice(0, OPEN_MAX),
      ok: !open.some(({ finished }) => finished),
    }
  }

  adapterUses(tasksMax: number): ReadonlyMap<string, readonly AdapterUse[]> {
    const uses = new Map<string, AdapterUse[]>()
    for (const { entries } of this.#runs.values())
      for (const { record } of entries) {
        if (record.kind !== 'step' || record.node !== ADAPTER_NODE) continue
        const use = adapterUseOf(record)
        if (use === undefined) continue
        const known = uses.get(record.step)
        if (known === undefined) uses.set(record.step, [use])
        else known.push(use)
      }
    return new Map([...uses].map(([name, all]) => [name, all.slice(-tasksMax)]))
  }

  #start(record: AuditRecord): MemoryRun {
    if (record.kind !== 'run-started') throw refusals.unknownRun(record.runId, record.kind)
    for (const runId of this.#over) {
      if (this.#runs.size < this.#runsMax) break
      this.#runs.delete(runId)
      this.#over.delete(runId)
      this.durable.forget(runId)
    }
    const run = new MemoryRun(record)
    this.#runs.set(record.runId, run)
    this.durable.started(record.runId)
    return run
  }
}
