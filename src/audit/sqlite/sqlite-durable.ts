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
import type { GroupCommit } from './write/group-commit.ts'
import type { RunCursors } from './write/run-cursors.ts'
import { LEASE, LEASE_INTO, type LeaseOwner, type LeaseRow, nameOf, RENEW_MS } from './write/lease-owner.ts'

const UNFINISHED = `SELECT run_id AS runId, pipeline, runs.run AS run, ${LEASE},
    EXISTS (SELECT 1 FROM checkpoints WHERE checkpoints.run = runs.run) AS durable
  FROM runs INDEXED BY runs_by_status LEFT JOIN leases ON leases.run = runs.run
  WHERE status = 'running' ORDER BY started_wall_ms, runs.run LIMIT ${UNFINISHED_MAX}`

interface UnfinishedRow extends LeaseRow {
  readonly runId: string
  readonly pipeline: string
  readonly durable: 0 | 1
  /** `null` without a lease; then so are its other columns. */
  readonly owner: string
}

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
        if (!isBusy(thrown)) throw thrown
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
    return blockingWhileBusy(() => this.#checkpoints.all(runId))
  }

  unfinished(): readonly UnfinishedRun[] {
    const rows = blockingWhileBusy(() => this.#db.prepare<[], UnfinishedRow>(UNFINISHED).all())
    return rows.map((row) => ({ runId: row.runId, pipeline: row.pipeline, state: this.#stateOf(row) }))
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

  #stateOf(row: UnfinishedRow): UnfinishedRun['state'] {
    if (row.owner !== null && this.#owner.isAlive(row)) return { kind: 'alive', by: nameOf(row) }
    return row.durable === 1 ? { kind: 'dead' } : { kind: 'not-durable' }
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

/** When what the file did not take is tried again: soon, so that there is time for several hundred tries. */
function afterMs(thrown: unknown): number {
  return isBusy(thrown) ? busyDelayMs(Infinity) : RENEW_MS / 3
}

function stillBusy(file: string, waitedMs: number, cause: unknown): AuditError {
  return new AuditError(
    'E_AUDIT_BUSY',
    `Expected the audit file ${file} to be free within ${waitedMs} ms, but another process holds its lock. Nothing was changed.`,
    { hint: 'Try again when that process is done.', cause },
  )
}
