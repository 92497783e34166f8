import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { Clock } from '../../../world/world.ts'

/** How long a lease lasts that is not renewed: longer than any pause of a healthy process. */
const LEASE_MS = 30_000
/** Two renewals may fail before a lease runs out. */
export const RENEW_MS: number = LEASE_MS / 3

/** The owners in this process that are still at work, with the rows of the runs each of them holds. */
const here = new Map<string, ReadonlySet<number>>()

/** Who a lease says is at work on a run. */
export interface LeaseRow {
  readonly run: number
  readonly owner: string
  readonly host: string
  readonly pid: number
  readonly expiresWallMs: number
}

/** A store, as the owner of leases. */
export class LeaseOwner {
  /** Of no other store, of this process or another. */
  readonly id: string = randomBytes(12).toString('hex')
  readonly host: string = hostname()
  readonly pid: number = process.pid
  readonly #clock: Clock
  readonly #held = new Set<number>()
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

  get held(): ReadonlySet<number> {
    return this.#held
  }

  hold(run: number): void {
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
    this.onHolding?.(false)
  }

  /** Whether somebody is at work on the run. A dead process of this host is known at once, of another one by the time. */
  isAlive({ run, owner, host, pid, expiresWallMs }: LeaseRow): boolean {
    const held = here.get(owner)
    if (held !== undefined) return held.has(run)
    if (host === this.host && (pid === this.pid || !exists(pid))) return false
    return expiresWallMs > this.#clock.wallMs()
  }
}

/** For people. */
export function nameOf({ host, pid }: LeaseRow): string {
  return `process ${pid} on ${host}`
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (thrown) {
    // Another user's process exists, too.
    return (thrown as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
