import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { Clock } from '../../../world/world.ts'
import { lives, MAIN_THREAD, ownProcess, type ProcessId } from './own-process.ts'

/** How long a lease lasts that is not renewed: longer than any pause of a healthy process. */
const LEASE_MS = 30_000
/** Two renewals may fail before a lease runs out. */
export const RENEW_MS: number = LEASE_MS / 3

/** The owners in this process that are still at work, with the rows of the runs each of them holds. */
const here = new Map<string, ReadonlySet<number>>()
/** Those that held runs and are done, oldest first. A lease of theirs may be left: in a copy of the file, or a full one. */
const gone = new Set<string>()
/** So many are remembered; of older ones the time tells, and the end of this process. */
const GONE_MAX = 10_000

/** Who a lease says is at work on a run. */
export interface LeaseRow extends ProcessId {
  readonly run: number
  readonly owner: string
  readonly host: string
  /** The store is used in the main thread of its process. */
  readonly main: 0 | 1
  readonly expiresWallMs: number
}

/** The columns of a lease, as they are read and as they are written. */
export const LEASE = 'owner, host, pid, place, born, main, expires_wall_ms AS expiresWallMs'
export const LEASE_INTO =
  '(run, owner, host, pid, place, born, main, expires_wall_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'

/** A store, as the owner of leases. */
export class LeaseOwner {
  /** Of no other store, of this process or another. */
  readonly id: string = randomBytes(12).toString('hex')
  readonly host: string = hostname()
  readonly #clock: Clock
  readonly #held = new Set<number>()
  #hasHeld = false
  /** Told when the first run is held, and when none is any more. */
  onHolding: ((holding: boolean) => void) | undefined = undefined

  constructor(clock: Clock) {
    this.#clock = clock
    here.set(this.id, this.#held)
  }

  /** When a lease that is given or renewed now runs out. */
  expiryMs(): number {
    return this.#clock.wallMs() + LEASE_MS
  }

  /** The values of a lease on the run, for `LEASE_INTO`. */
  lease(run: number): readonly (string | number | null)[] {
    const { place, pid, born } = ownProcess()
    return [run, this.id, this.host, pid, place, born, MAIN_THREAD, this.expiryMs()]
  }

  get held(): ReadonlySet<number> {
    return this.#held
  }

  hold(run: number): void {
    this.#hasHeld = true
    this.#held.add(run)
    if (this.#held.size === 1) this.onHolding?.(true)
  }

  letGo(run: number): void {
    if (this.#held.delete(run) && this.#held.size === 0) this.onHolding?.(false)
  }

  /** It is at work on nothing any more. */
  close(): void {
    here.delete(this.id)
    this.#held.clear()
    if (!this.#hasHeld) return
    gone.add(this.id)
    if (gone.size <= GONE_MAX) return
    for (const oldest of gone) {
      gone.delete(oldest)
      break
    }
  }

  /**
   * Whether somebody may be at work on the run. Certainly not when its process is dead, which is known at once where both
   * have the same pids; certainly when its process lives and it is the main thread's, however long that computes. Else
   * only time tells: a lease that is not renewed runs out.
   */
  isAlive(lease: LeaseRow): boolean {
    const { run, owner, main, expiresWallMs } = lease
    const held = here.get(owner)
    if (held !== undefined) return held.has(run)
    if (gone.has(owner)) return false
    const living = lives(lease)
    if (living === false || (living === true && main === 1)) return living
    return expiresWallMs > this.#clock.wallMs()
  }
}

/** For people. */
export function nameOf({ host, pid }: LeaseRow): string {
  return `process ${pid} on ${host}`
}
