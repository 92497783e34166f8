import type { AuditError } from '../../../base/errors.ts'
import { isStartedTwice } from '../../refusals.ts'
import type { Lease, Pending, RunCursor } from './group.ts'

/** Refused runs remembered, so that their later records are refused too. Each is a defect or an outage: few. */
const REFUSED_MAX = 10_000

/** The runs going on in this store: what has to be remembered between two commits, and nothing longer. */
export class RunCursors {
  readonly #cursors = new Map<string, RunCursor>()
  /** Oldest first. */
  readonly #refused = new Set<RunCursor>()

  get(runId: string): RunCursor | undefined {
    const cursor = this.#cursors.get(runId)
    // It was refused because another run has that id, and was told so. The other run may have more to record: a late
    // event, or all that follows a pause.
    const gaveWay = cursor?.refused !== undefined && cursor.reported && isStartedTwice(cursor.refused)
    if (!gaveWay) return cursor
    this.#cursors.delete(runId)
    return undefined
  }

  /** The run has records here that are not committed, or has not ended. */
  isGoingOn(runId: string): boolean {
    const cursor = this.get(runId)
    return cursor !== undefined && cursor.refused === undefined
  }

  /** @param starts whether the record at hand starts the run: then it is this store's own */
  getOrAdd(runId: string, starts: boolean): RunCursor {
    const known = this.get(runId)
    if (known !== undefined) return known
    const cursor: RunCursor = {
      runId,
      own: starts,
      row: 0,
      block: 0,
      blocks: 0,
      base: 0,
      group: null,
      appended: 0,
      committed: 0,
      finished: false,
      refused: undefined,
      reported: false,
      lease: undefined,
    }
    this.#cursors.set(runId, cursor)
    return cursor
  }

  /** Records of a run that has a hole by now are left out: storing them would hide it. */
  withoutRefused(group: readonly Pending[]): readonly Pending[] {
    return this.#refused.size === 0 ? group : group.filter(({ cursor }) => cursor.refused === undefined)
  }

  /** Notes what is committed, and forgets runs that nothing more is expected of. */
  committed(group: readonly Pending[]): void {
    for (const { record, cursor, number } of group) {
      if (cursor.refused !== undefined) continue
      cursor.committed = number
      if (record.kind === 'run-finished') cursor.finished = true
      if (number !== cursor.appended) continue
      if (cursor.finished || (!cursor.own && cursor.lease === undefined)) this.#cursors.delete(cursor.runId)
    }
  }

  /** A run that this store goes on with, wherever it started and whatever became of its records before. */
  claimed(runId: string, row: number, lease: Lease): void {
    this.#cursors.delete(runId)
    Object.assign(this.getOrAdd(runId, false), { row, lease })
  }

  refuse(cursor: RunCursor, error: AuditError): void {
    if (cursor.refused !== undefined) return
    cursor.refused = error
    this.#refused.add(cursor)
    if (this.#refused.size <= REFUSED_MAX) return
    for (const oldest of this.#refused) {
      this.#refused.delete(oldest)
      if (this.#cursors.get(oldest.runId) === oldest) this.#cursors.delete(oldest.runId)
      break
    }
  }

  /** The first refusal that no caller was told of. */
  unreported(): AuditError | undefined {
    for (const { refused, reported } of this.#refused) if (!reported) return refused
    return undefined
  }
}
