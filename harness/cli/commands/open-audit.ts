import path from 'node:path'
import { openSqliteAuditReader } from '../../../src/audit/sqlite/sqlite-audit-reader.ts'
import { ShakedownError } from '../../../src/base/errors.ts'
import type { AuditReader } from '../../../src/audit/store.ts'
import { RUNS_FILE } from '../../../reporters/report/places.ts'
import { flagLayer, overlay, settle, settledValue, variableLayer } from '../../settings/settle.ts'
import type { CommandLine } from '../command-line.ts'

/**
 * Opens the audit trail that flag, environment or default name, reads it and closes it again.
 *
 * @param flags the command's flags, as the parser gives them
 * @throws AuditError when it is not there, is no audit trail, is damaged or is of another version; none is touched
 */
export function withAudit<T>(
  flags: object,
  { cwd, environment }: CommandLine,
  read: (audit: AuditReader) => T,
): T {
  const given = overlay(flagLayer(flags, cwd), variableLayer(environment, cwd))
  const named = given.db?.value
  const reportDir = settledValue(settle(cwd, given), 'reportDir')
  const audit = openNamed(named ?? path.join(reportDir, RUNS_FILE), named !== undefined)
  try {
    return read(audit)
  } finally {
    audit.close()
  }
}

function openNamed(file: string, named: boolean): ReturnType<typeof openSqliteAuditReader> {
  try {
    return openSqliteAuditReader(file)
  } catch (error) {
    // A person who named no file did not mean this one in particular.
    if (named || !(error instanceof ShakedownError) || error.code !== 'E_AUDIT_MISSING') throw error
    throw new ShakedownError(error.code, error.message, {
      hint: 'Name the file that your engine writes, as in createEngine({ audit: FILE }), with --db FILE or SHAKEDOWN_DB.',
      cause: error,
    })
  }
}
