import type Database from 'better-sqlite3'
import { AuditError } from '../../../base/errors.ts'
import { blockingWhileBusy, isBusy } from '../file/busy.ts'
import { isSqliteError } from '../file/sqlite.ts'

/**
 * Reads from the file, waiting while another process keeps it from that.
 * @throws AuditError that says what is wrong with the file
 */
export function reading<T>(db: Database.Database, work: () => T): T {
  if (!db.open)
    throw new AuditError(
      'E_AUDIT_CLOSED',
      'Expected the audit trail to be open for reading, but it was closed.',
    )
  try {
    return blockingWhileBusy(work)
  } catch (thrown) {
    if (!isSqliteError(thrown)) throw thrown
    if (isBusy(thrown))
      throw new AuditError(
        'E_AUDIT_BUSY',
        `Expected the audit file ${db.name} to be free within two seconds, got: ${thrown.message}.`,
        {
          hint: 'Nothing was changed. Try again when the process that holds its lock is done.',
          cause: thrown,
        },
      )
    throw new AuditError(
      'E_AUDIT_READ',
      `Expected to read the audit file ${db.name}, got: ${thrown.message}.`,
      {
        hint: `If it is damaged, \`sqlite3 ${db.name} .recover\` gets back what is left.`,
        cause: thrown,
      },
    )
  }
}
