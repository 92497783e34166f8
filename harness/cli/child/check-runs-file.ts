import path from 'node:path'
import { AuditError } from '../../../src/base/errors.ts'
import { openSqliteAuditReader } from '../../../src/audit/sqlite/sqlite-audit-reader.ts'
import { RUNS_FILE } from '../../../reporters/report/places.ts'

/**
 * Looks at the database that the workers will keep the runs of scenarios in, before they find out one by one and long
 * after a person could do something about it.
 *
 * @returns what people should know; `undefined` when all is well
 * @throws AuditError for a database that must not be written: of a newer version, or another program's
 */
export function checkRunsFile(reportDir: string): string | undefined {
  const file = path.join(reportDir, RUNS_FILE)
  try {
    openSqliteAuditReader(file).close()
  } catch (error) {
    if (!(error instanceof AuditError)) throw error
    switch (error.code) {
      case 'E_AUDIT_MISSING':
      case 'E_AUDIT_OLDER':
      case 'E_AUDIT_BUSY':
        // The first run that is recorded creates it, brings it up to date, or waits longer.
        return undefined
      case 'E_AUDIT_NOT_A_DATABASE':
        return `${file} is damaged. It is set aside as ${RUNS_FILE}.corrupt.<time> and a new one is started.`
      default:
        throw error
    }
  }
  return undefined
}
