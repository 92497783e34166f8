import type { Pending, RunCursor } from './run-cursor.ts'

interface Waiter {
  /** Only this run's fate matters; `undefined` for everybody's. */
  readonly cursor: RunCursor | undefined
  readonly resolve: () => void
  readonly reject: (refused: RunCursor) => void
}

/** Records that are committed together, and who waits for that. */
export class Group {
  readonly pending: Pending[] = []
  readonly #waiters: Waiter[] = []

  /** Resolves after the commit; rejects when a record was refused or lost: the run's own, or anybody's. */
  committed(cursor: RunCursor | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const told = (refused: RunCursor): void => {
        refused.reported = true
        reject(refused.refused)
      }
      this.#waiters.push({ cursor, resolve, reject: told })
    })
  }

  /** Resolves after the commit, however it went. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiters.push({ cursor: undefined, resolve, reject: () => resolve() })
    })
  }

  settle(): void {
    if (this.#waiters.length === 0) return
    const refusedAnywhere = this.pending.find(({ cursor }) => cursor.refused !== undefined)?.cursor
    for (const { cursor = refusedAnywhere, resolve, reject } of this.#waiters) {
      if (cursor?.refused === undefined) resolve()
      else reject(cursor)
    }
  }
}
