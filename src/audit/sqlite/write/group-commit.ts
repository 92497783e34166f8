import { AuditError } from '../../../base/errors.ts'
import type { Clock } from '../../../world/world.ts'
import type { Entry } from '../../entry.ts'
import { busyDelayMs, isBusy } from '../file/busy.ts'
import { Group } from './group.ts'
import type { GroupWriter } from './group-writer.ts'
import type { RunCursor } from './run-cursor.ts'
import type { RunCursors } from './run-cursors.ts'

/** Records that wait while the file is busy: seconds of commits at full speed, and well below what memory holds. */
const WAITING_MAX = 1_000_000

export interface GroupCommitOptions {
  readonly file: string
  readonly clock: Clock
  readonly busyWaitMsMax: number
}

/**
 * Group commit: everything appended in one event-loop turn is committed in one transaction at that turn's end.
 * While a group waits for the file to be free, the next one gathers behind it, so groups commit in order.
 */
export class GroupCommit {
  readonly #writer: GroupWriter
  readonly #cursors: RunCursors
  readonly #options: GroupCommitOptions
  /** The group that waits for the file to be free. */
  #writing: Group | undefined
  #gathering = new Group()
  #scheduled = false

  constructor(writer: GroupWriter, cursors: RunCursors, options: GroupCommitOptions) {
    this.#writer = writer
    this.#cursors = cursors
    this.#options = options
  }

  /** @throws AuditError when so many records wait that memory is at risk; the run has lost one then */
  add(entry: Entry, cursor: RunCursor): void {
    const { pending } = this.#gathering
    if (pending.length >= WAITING_MAX) {
      const error = tooManyWaiting(this.#options.file)
      this.#cursors.refuse(cursor, error)
      cursor.reported = true
      throw error
    }
    cursor.appended++
    pending.push({ entry, cursor, number: cursor.appended })
    if (this.#scheduled) return
    this.#scheduled = true
    this.#options.clock.afterTurn(this.#flush)
  }

  /** Settles with the last group there is: groups commit in order. `undefined` when nothing waits. */
  committed(cursor: RunCursor | undefined): Promise<void> | undefined {
    return this.#last()?.committed(cursor)
  }

  /** Commits what is left without waiting for the turn's end. Waits only while the file is busy; never rejects. */
  async drain(): Promise<void> {
    this.#flush()
    for (let group = this.#last(); group !== undefined; group = this.#last()) await group.settled()
  }

  #last(): Group | undefined {
    return this.#gathering.pending.length > 0 ? this.#gathering : this.#writing
  }

  readonly #flush = (): void => {
    this.#scheduled = false
    if (this.#writing !== undefined || this.#gathering.pending.length === 0) return
    this.#writing = this.#gathering
    this.#gathering = new Group()
    this.#write(this.#writing, 1, 0)
  }

  #write(group: Group, tries: number, waitedMs: number): void {
    try {
      const left = this.#cursors.withoutRefused(group.pending)
      for (const [cursor, error] of this.#writer.write(left)) this.#cursors.refuse(cursor, error)
      this.#cursors.committed(left)
    } catch (thrown) {
      const delayMs = busyDelayMs(tries)
      if (isBusy(thrown) && waitedMs + delayMs <= this.#options.busyWaitMsMax) {
        this.#options.clock.after(delayMs, 'audit: waiting for the file to be free', () =>
          this.#write(group, tries + 1, waitedMs + delayMs),
        )
        return
      }
      // The records are lost, and with them the claim of their runs to a whole trail.
      const error = writeError(this.#options.file, waitedMs, thrown)
      for (const { cursor } of group.pending) this.#cursors.refuse(cursor, error)
    }
    this.#writing = undefined
    group.settle()
    // What gathered meanwhile has waited long enough.
    this.#flush()
  }
}

function writeError(file: string, waitedMs: number, cause: unknown): AuditError {
  if (isBusy(cause))
    return new AuditError(
      'E_AUDIT_BUSY',
      `Expected the audit file ${file} to be free within ${waitedMs} ms, but another process holds its lock. The runs that waited lost records.`,
      { hint: 'End that process, or give each process a file of its own.', cause },
    )
  const words = cause instanceof Error ? cause.message : String(cause)
  return new AuditError(
    'E_AUDIT_WRITE',
    `Expected to write the audit file ${file}, got: ${words}. The runs that waited lost records.`,
    { hint: 'Check the disk it is on: its space, its permissions, its health.', cause },
  )
}

function tooManyWaiting(file: string): AuditError {
  return new AuditError(
    'E_AUDIT_BEHIND',
    `Expected at most ${WAITING_MAX} records to wait for ${file}, got one more.`,
    { hint: 'Await `committed()` between records, and see what keeps the file busy.' },
  )
}
