import type Database from 'better-sqlite3'
import { isSqliteError } from '../file/sqlite.ts'
import { AuditError } from '../../../base/errors.ts'
import type { Outcome, OutcomeRecord } from '../../records.ts'
import * as refusals from '../../refusals.ts'
import type { Pending } from './group.ts'

/** Finds the words for a constraint that failed: what the file already holds, and what it was to hold. */
export class RefusalReasons {
  readonly #outcome: Database.Statement<[string, string], Outcome>

  constructor(db: Database.Database) {
    this.#outcome = db
      .prepare<[string, string], Outcome>(
        'SELECT outcome FROM outcomes JOIN runs USING (run) WHERE run_id = ? AND token_id = ?',
      )
      .pluck()
  }

  /** @param group the group the record was refused in, rolled back by now */
  explain({ record }: Pending, thrown: unknown, group: readonly Pending[]): AuditError {
    if (thrown instanceof AuditError) return thrown
    const constraint = isSqliteError(thrown) ? thrown.code.replace('SQLITE_CONSTRAINT_', '') : ''
    const { runId } = record
    if (record.kind === 'run-started' && constraint === 'UNIQUE') return refusals.startedTwice(runId)
    if (record.kind === 'token' && constraint === 'PRIMARYKEY')
      return refusals.tokenTwice(runId, record.tokenId)
    if (record.kind === 'join' && constraint === 'PRIMARYKEY')
      return refusals.joinTwice(runId, record.joinGroup)
    if (record.kind === 'outcome' && constraint === 'PRIMARYKEY') return this.#secondOutcome(record, group)
    if (record.kind === 'outcome' && constraint === 'FOREIGNKEY')
      return refusals.unknownToken(runId, record.tokenId, record.outcome)
    // The key is the record's place in its run, and only another writer can have taken it.
    if (constraint === 'PRIMARYKEY' || constraint === 'ROWID') return refusals.writtenElsewhere(runId, thrown)
    return refusals.unstorable(runId, record.kind, thrown)
  }

  #secondOutcome(second: OutcomeRecord, group: readonly Pending[]): AuditError {
    const { runId, tokenId } = second
    const earlier = group.find(
      ({ record }) => record.kind === 'outcome' && record.runId === runId && record.tokenId === tokenId,
    )?.record
    const first =
      this.#outcome.get(runId, tokenId) ?? (earlier?.kind === 'outcome' ? earlier.outcome : second.outcome)
    return refusals.secondOutcome(runId, tokenId, first, second.outcome)
  }
}
