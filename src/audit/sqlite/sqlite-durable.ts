import type Database from 'better-sqlite3'
import type { Timer, Clock } from '../../world/world.ts'
import { AuditError } from '../../base/errors.ts'
import type { Status } from '../../base/result.ts'
import {
  type Checkpoint,
  type Claim,
  type DurableStore,
  UNFINISHED_MAX,
  type UnfinishedRun,
} from '../durable-store.ts'
import { blockingWhileBusy, busyDelayMs, isBusy } from './file/busy.ts'
import { reading } from './read/reading.ts'
import type { GroupCommit } from './write/group-commit.ts'
import type { RunCursors } from './write/run-cursors.ts'
import { LEASE, LEASE_INTO, type LeaseOwner, type LeaseRow, nameOf, RENEW_MS } from './write/lease-owner.ts'

const IS_DURABLE = 'EXISTS (SELECT 1 FROM checkpoints WHERE checkpoints.run = runs.run)'
const UNFINISHED = 'FROM runs INDEXED BY runs_by_status'
/** All of them: one that is not seen is never carried on. */
const UNFINISHED_DURABLE = `SELECT run_id AS runId, pipeline, runs.run AS run, ${LEASE}
  ${UNFINISHED} LEFT JOIN leases ON leases.run = runs.run
  WHERE status = 'running' AND ${IS_DURABLE} ORDER BY started_wall_ms, runs.run`
const UNFINISHED_OTHERS = `SELECT run_id AS runId, pipeline ${UNFINISHED}
  WHERE status = 'running' AND NOT ${IS_DURABLE} ORDER BY started_wall_ms, run LIMIT ${UNFINISHED_MAX}`

interface UnfinishedRow extends LeaseRow {
  readonly runId: string
  readonly pipeline: string
  /** `null` without a lease; then so are its other columns. */
  readonly owner: string
}

type NotDurableRow = Pick<UnfinishedRow, 'runId' | 'pipeline'>

interface Found {
  readonly run: number
  readonly status: Status | 'running'
  readonly checkpoints: number
}

/** A run that is this store's from now on. */
interface Claimed {
  readonly kind: 'claimed'
  readonly run: number
  /** Its checkpoints. */
  readonly saved: number
}

export interface SqliteDurableOptions {
  readonly clock: Clock
  readonly busyWaitMsMax: number
  /** Runs whose lease is to be written with their start. */
  readonly toLease: Map<string, boolean>
}

/** Durable runs in a SQLite file: leases that their process renews, and checkpoints. */
export class SqliteDurable implements DurableStore {
  readonly #db: Database.Database
  readonly #cursors: RunCursors
  readonly #commit: GroupCommit
  readonly #owner: LeaseOwner
  readonly #options: SqliteDurableOptions
  readonly #checkpoints: Database.Statement<[string], Checkpoint>
  #renewal: Timer | undefined
  /** Runs that are held no more, whose leases could not be taken out of the file yet. */
  readonly #left = new Set<number>()

  constructor(
    db: Database.Database,
    cursors: RunCursors,
    commit: GroupCommit,
    owner: LeaseOwner,
    options: SqliteDurableOptions,
  ) {
    this.#db = db
    this.#cursors = cursors
    this.#commit = commit
    this.#owner = owner
    this.#options = options
    this.#checkpoints = db.prepare<[string], Checkpoint>(
      'SELECT key, data FROM checkpoints JOIN runs USING (run) WHERE run_id = ? ORDER BY nth',
    )
    owner.onHolding = (holding) => {
      this.#renewal?.cancel()
      this.#renewal = undefined
      if (holding || this.#left.size > 0) this.#renewLater(RENEW_MS)
    }
  }

  lease(runId: string, keep: boolean): void {
    this.#options.toLease.set(runId, keep)
  }

  async claim(runId: string, from: 'paused' | 'running', keep: boolean): Promise<Claim> {
    const { clock, busyWaitMsMax } = this.#options
    let waitedMs = 0
    for (let tries = 1; ; tries++) {
      try {
        const claim = this.#db.transaction(() => this.#claim(runId, from)).immediate()
        if (claim.kind !== 'claimed') return claim
        const { run, saved } = claim
        this.#left.delete(run)
        this.#owner.hold(run)
        this.#cursors.claimed(runId, run, { keep, saved })
        return { kind: 'claimed' }
      } catch (thrown) {
        const delayMs = busyDelayMs(tries)
        if (!isBusy(thrown)) throw unclaimable(this.#db.name, thrown)
        if (waitedMs + delayMs > busyWaitMsMax) throw stillBusy(this.#db.name, waitedMs, thrown)
        waitedMs += delayMs
        await new Promise<void>((resolve) => {
          clock.after(delayMs, 'audit: waiting for the file to be free', resolve)
        })
      }
    }
  }

  #claim(runId: string, from: 'paused' | 'running'): Exclude<Claim, { kind: 'claimed' }> | Claimed {
    const found = this.#db
      .prepare<[string], Found>(
        `SELECT run, status, (SELECT coalesce(max(nth), 0) FROM checkpoints WHERE checkpoints.run = runs.run) AS checkpoints
        FROM runs WHERE run_id = ?`,
      )
      .get(runId)
    if (found === undefined) return { kind: 'unknown' }
    const { run, status, checkpoints } = found
    const lease = this.#db
      .prepare<[number], LeaseRow>(`SELECT run, ${LEASE} FROM leases WHERE run = ?`)
      .get(run)
    if (lease !== undefined && this.#owner.isAlive(lease)) return { kind: 'alive', by: nameOf(lease) }
    if (status !== from) return { kind: 'status', status }
    if (checkpoints === 0) return { kind: 'not-durable' }
    this.#db.prepare(`INSERT OR REPLACE INTO leases ${LEASE_INTO}`).run(...this.#owner.lease(run))
    this.#db.prepare(`UPDATE runs SET status = 'running' WHERE run = ?`).run(run)
    return { kind: 'claimed', run, saved: checkpoints }
  }

  release(runId: string): void {
    this.#options.toLease.delete(runId)
    const cursor = this.#cursors.get(runId)
    if (cursor?.lease === undefined) return
    cursor.lease = undefined
    this.#owner.letGo(cursor.row)
    this.#drop(cursor.row)
  }

  save(runId: string, key: string, data: Uint8Array): void {
    const cursor = this.#cursors.getOrAdd(runId, false)
    if (cursor.refused !== undefined) {
      cursor.reported = true
      throw cursor.refused
    }
    this.#commit.save(cursor, key, data)
  }

  checkpoints(runId: string): readonly Checkpoint[] {
    return reading(this.#db, () => this.#checkpoints.all(runId))
  }

  unfinished(): readonly UnfinishedRun[] {
    return reading(this.#db, () => [
      ...this.#db.prepare<[], UnfinishedRow>(UNFINISHED_DURABLE).all().map(this.#unfinished),
      ...this.#db.prepare<[], NotDurableRow>(UNFINISHED_OTHERS).all().map(notDurable),
    ])
  }

  /** Gives back what is still held: another process need not wait for these leases to run out. */
  close(): void {
    this.#owner.onHolding = undefined
    this.#renewal?.cancel()
    for (const run of this.#owner.held) this.#left.add(run)
    try {
      if (this.#left.size > 0) blockingWhileBusy(() => this.#dropLeft())
    } catch {
      // The file cannot be written. Here its leases count for nothing; elsewhere they do while this process lives.
    }
    this.#owner.close()
  }

  readonly #unfinished = (row: UnfinishedRow): UnfinishedRun => {
    const { runId, pipeline } = row
    const alive = row.owner !== null && this.#owner.isAlive(row)
    return { runId, pipeline, state: alive ? { kind: 'alive', by: nameOf(row) } : { kind: 'dead' } }
  }

  /** Takes a lease out of the file; tried again later when the file cannot be written. */
  #drop(run: number): void {
    this.#left.add(run)
    try {
      this.#dropLeft()
    } catch (thrown) {
      if (this.#renewal === undefined) this.#renewLater(afterMs(thrown))
    }
  }

  #dropLeft(): void {
    const drop = this.#db.prepare('DELETE FROM leases WHERE run = ? AND owner = ?')
    for (const run of this.#left) {
      drop.run(run, this.#owner.id)
      this.#left.delete(run)
    }
  }

  #renewLater(delayMs: number): void {
    this.#renewal = this.#options.clock.after(delayMs, 'audit: renewing leases', () => this.#renew())
    // A run that waits for nothing that can come would keep its process alive, and itself from being carried on.
    this.#renewal.unref?.()
  }

  #renew(): void {
    this.#renewal = undefined
    const expiresMs = this.#owner.expiryMs()
    try {
      const renew = this.#db.prepare('UPDATE leases SET expires_wall_ms = ? WHERE run = ? AND owner = ?')
      this.#db
        .transaction(() => {
          for (const run of this.#owner.held) renew.run(expiresMs, run, this.#owner.id)
        })
        .immediate()
      this.#dropLeft()
      if (this.#owner.held.size > 0) this.#renewLater(RENEW_MS)
    } catch (thrown) {
      this.#renewLater(afterMs(thrown))
    }
  }
}

function notDurable({ runId, pipeline }: NotDurableRow): UnfinishedRun {
  return { runId, pipeline, state: { kind: 'not-durable' } }
}

/** When what the file did not take is tried again: soon, so that there is time for several hundred tries. */
function afterMs(thrown: unknown): number {
  return isBusy(thrown) ? busyDelayMs(Infinity) : RENEW_MS / 3
}

function unclaimable(file: string, cause: unknown): AuditError {
  const words = cause instanceof Error ? cause.message : String(cause)
  return new AuditError(
    'E_AUDIT_WRITE',
    `Expected to note in the audit file ${file} who carries a run on, got: ${words}. Nothing was changed.`,
    { hint: 'Check the disk it is on: its space, its permissions, its health.', cause },
  )
}

function stillBusy(file: string, waitedMs: number, cause: unknown): AuditError {
  return new AuditError(
    'E_AUDIT_BUSY',
    `Expected the audit file ${file} to be free within ${waitedMs} ms, but another process holds its lock. Nothing was changed.`,
    { hint: 'Try again when that process is done.', cause },
  )
}
