import { AuditError } from '../../../base/errors.ts'
import type { Clock } from '../../../world/world.ts'
import type { Entry } from '../../entry.ts'
import { busyDelayMs, isBusy } from '../file/busy.ts'
import { Group, type RunCursor } from './group.ts'
import type { GroupWriter } from './group-writer.ts'
import type { RunCursors } from './run-cursors.ts'

/** Records that wait while the file is busy: seconds of commits at full speed, and well below what memory holds. */
const WAITING_MAX = 1_000_000
/** A group takes no further run beyond this many records: committing as many takes about 10 ms. */
const GROUP_RECORDS = 1_000

export interface GroupCommitOptions {
  readonly file: string
  readonly clock: Clock
  readonly busyWaitMsMax: number
}

/**
 * Group commit: everything appended in one event-loop turn is committed at that turn's end, in one transaction while
 * it is not too much for one. What is too much is committed in several, with a turn between two of them, so that
 * thousands of runs at once do not stop the process; what one run appended in a turn is never split.
 *
 * Groups commit in order. While one waits for the file to be free, the next ones gather after it.
 */
export class GroupCommit {
  readonly #writer: GroupWriter
  readonly #cursors: RunCursors
  readonly #options: GroupCommitOptions
  /** Groups whose turn has ended, oldest first; the first of them may be waiting for the file to be free. */
  readonly #ended: Group[] = []
  /** Groups of this turn; all but the last are full. */
  #gathering: Group[] = []
  /** Records in all of these groups. */
  #waiting = 0
  #turnEndScheduled = false
  /** What becomes of the first ended group: nothing is ended; it is written after this turn; it waits for the file. */
  #next: 'idle' | 'scheduled' | 'busy' = 'idle'
  #draining = false

  constructor(writer: GroupWriter, cursors: RunCursors, options: GroupCommitOptions) {
    this.#writer = writer
    this.#cursors = cursors
    this.#options = options
  }

  /** @throws AuditError when so many records wait that memory is at risk; the run has lost one then */
  add({ record, snapshots }: Entry, cursor: RunCursor): void {
    if (this.#waiting >= WAITING_MAX) {
      const error = tooManyWaiting(this.#options.file)
      this.#cursors.refuse(cursor, error)
      cursor.reported = true
      throw error
    }
    this.#waiting++
    cursor.appended++
    const group = this.#groupOf(cursor)
    group.pending.push({ record, snapshots, cursor, number: cursor.appended })
    if (cursor.lease !== undefined) group.durableOf(cursor)
    this.#scheduleTurnEnd()
  }

  /** Adds a checkpoint, to be committed with what its run has appended in this turn. */
  save(cursor: RunCursor, key: string, data: Uint8Array): void {
    this.#groupOf(cursor).durableOf(cursor).checkpoints.push({ cursor, key, data })
    this.#scheduleTurnEnd()
  }

  /** Settles with the run's last group, or with the last there is. `undefined` when nothing waits. */
  committed(cursor: RunCursor | undefined): Promise<void> | undefined {
    const group = cursor === undefined ? this.#last() : (cursor.group ?? undefined)
    return group?.committed(cursor)
  }

  /** Commits what is left without waiting for the turn's end. Waits only while the file is busy; never rejects. */
  async drain(): Promise<void> {
    this.#draining = true
    this.#endTurn()
    this.#writeScheduled()
    for (let group = this.#last(); group !== undefined; group = this.#last()) await group.settled()
  }

  #scheduleTurnEnd(): void {
    if (this.#turnEndScheduled) return
    this.#turnEndScheduled = true
    this.#options.clock.afterTurn(this.#endTurn)
  }

  #last(): Group | undefined {
    return this.#gathering.at(-1) ?? this.#ended.at(-1)
  }

  /** The group of this turn that holds what the run has appended in it; else one that is not full. */
  #groupOf(cursor: RunCursor): Group {
    if (cursor.group?.gathering === true) return cursor.group
    let group = this.#gathering.at(-1)
    if (group === undefined || group.pending.length >= GROUP_RECORDS) {
      group = new Group()
      this.#gathering.push(group)
    }
    cursor.group = group
    return group
  }

  readonly #endTurn = (): void => {
    this.#turnEndScheduled = false
    for (const group of this.#gathering) {
      group.gathering = false
      this.#ended.push(group)
    }
    this.#gathering = []
    if (this.#next === 'idle') this.#writeNext()
  }

  readonly #writeScheduled = (): void => {
    if (this.#next === 'scheduled') this.#writeNext()
  }

  #writeNext(): void {
    const [group] = this.#ended
    if (group !== undefined) this.#write(group, 1, 0)
  }

  #write(group: Group, tries: number, waitedMs: number): void {
    try {
      const left = this.#cursors.withoutRefused(group.pending)
      for (const [cursor, error] of this.#writer.write(left, group.durable))
        this.#cursors.refuse(cursor, error)
      this.#cursors.committed(left)
    } catch (thrown) {
      const delayMs = busyDelayMs(tries)
      this.#next = 'busy'
      if (isBusy(thrown) && waitedMs + delayMs <= this.#options.busyWaitMsMax) {
        this.#options.clock.after(delayMs, 'audit: waiting for the file to be free', () =>
          this.#write(group, tries + 1, waitedMs + delayMs),
        )
        return
      }
      // The records are lost, and with them the claim of their runs to a whole trail.
      const error = writeError(this.#options.file, waitedMs, thrown)
      for (const { cursor } of group.pending) this.#cursors.refuse(cursor, error)
      for (const cursor of group.durable?.cursors ?? []) this.#cursors.refuse(cursor, error)
    }
    this.#ended.shift()
    this.#waiting -= group.pending.length
    for (const { cursor } of group.pending) if (cursor.group === group) cursor.group = null
    for (const cursor of group.durable?.cursors ?? []) if (cursor.group === group) cursor.group = null
    group.settle()
    this.#next = 'idle'
    if (this.#ended.length === 0) return
    // What was appended while the file was busy has waited long enough.
    if (this.#draining || waitedMs > 0) {
      this.#writeNext()
      return
    }
    this.#next = 'scheduled'
    this.#options.clock.afterTurn(this.#writeScheduled)
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
