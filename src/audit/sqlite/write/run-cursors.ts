import type { AuditError } from '../../../base/errors.ts'
import type { Pending, RunCursor } from './run-cursor.ts'

/** Refused runs remembered, so that their later records are refused too. Each is a defect or an outage: few. */
const REFUSED_MAX = 10_000

/** The runs going on in this store: what has to be remembered between two commits, and nothing longer. */
export class RunCursors {
  readonly #cursors = new Map<string, RunCursor>()
  /** Oldest first. */
  readonly #refused = new Set<RunCursor>()

  get(runId: string): RunCursor | undefined {
    return this.#cursors.get(runId)
  }

  /** @param starts whether the record at hand starts the run: then it is this store's own */
  getOrAdd(runId: string, starts: boolean): RunCursor {
    const known = this.#cursors.get(runId)
    if (known !== undefined) return known
    const cursor: RunCursor = {
      runId,
      own: starts,
      row: 0,
      base: 0,
      appended: 0,
      committed: 0,
      finished: false,
      refused: undefined,
      reported: false,
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
    for (const { entry, cursor, number } of group) {
      if (cursor.refused !== undefined) continue
      cursor.committed = number
      if (entry.record.kind === 'run-finished') cursor.finished = true
      if (number === cursor.appended && (cursor.finished || !cursor.own)) this.#cursors.delete(cursor.runId)
    }
  }

  refuse(cursor: RunCursor, error: AuditError): void {
    if (cursor.refused !== undefined) return
    cursor.refused = error
    this.#refused.add(cursor)
    if (this.#refused.size <= REFUSED_MAX) return
    for (const oldest of this.#refused) {
      this.#refused.delete(oldest)
      this.#cursors.delete(oldest.runId)
      break
    }
  }

  /** The first refusal nobody was told of. */
  unreported(): AuditError | undefined {
    for (const { refused, reported } of this.#refused) if (!reported) return refused
    return undefined
  }
}
