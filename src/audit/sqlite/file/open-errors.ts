import { AuditError } from '../../../base/errors.ts'

// Everything that can be wrong with an audit file, in words: what was expected, what was got, what to do.

function fails(code: string, message: string, hint: string, cause?: unknown): AuditError {
  return new AuditError(code, message, cause === undefined ? { hint } : { hint, cause })
}

function words(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

export function notAPath(file: unknown): AuditError {
  return fails(
    'E_AUDIT_PATH',
    `Expected the audit file to be a path on disk, got ${JSON.stringify(file)}.`,
    'Use `memoryAudit()` for a trail that is not kept.',
  )
}

export function missing(path: string): AuditError {
  return fails(
    'E_AUDIT_MISSING',
    `Expected an audit file at ${path}, got nothing there.`,
    'Check the path; the file is created by the first run that is recorded in it.',
  )
}

export function nothingInIt(path: string): AuditError {
  return fails(
    'E_AUDIT_MISSING',
    `Expected an audit file at ${path}, got an empty file.`,
    'It is filled by the first run that is recorded in it.',
  )
}

export function notADatabase(path: string, detail: string): AuditError {
  return fails(
    'E_AUDIT_NOT_A_DATABASE',
    `Expected ${path} to be an audit file, got something that is none or is damaged: ${detail}.`,
    `Check the path; if it once was one, \`sqlite3 ${path} .recover\` gets back what is left.`,
  )
}

export function foreign(path: string, detail: string): AuditError {
  return fails(
    'E_AUDIT_FOREIGN',
    `Expected ${path} to be an audit file, got a SQLite database of another application: ${detail}.`,
    'Nothing was written to it. Choose another path for the audit trail.',
  )
}

export function newer(path: string, version: number, newest: number): AuditError {
  return fails(
    'E_AUDIT_NEWER',
    `Expected the audit file ${path} to be of version ${newest} at most, got version ${version}.`,
    'Nothing was written to it. Update shakedown, or choose another path for the audit trail.',
  )
}

export function older(path: string, version: number, newest: number): AuditError {
  return fails(
    'E_AUDIT_OLDER',
    `Expected the audit file ${path} to be of version ${newest}, got version ${version}.`,
    'Record a run in it with this version of shakedown: that brings it up to date. Reading alone changes nothing.',
  )
}

export function noWal(path: string, mode: string): AuditError {
  return fails(
    'E_AUDIT_OPEN',
    `Expected the audit file ${path} to allow a write-ahead log, got journal mode '${mode}'.`,
    'Put it on a local disk: network file systems do not share memory between processes.',
  )
}

export function busy(path: string, cause: unknown): AuditError {
  return fails(
    'E_AUDIT_BUSY',
    `Expected the audit file ${path} to be free within two seconds, got: ${words(cause)}.`,
    'Another process holds its lock; end that process or choose another path.',
    cause,
  )
}

export function unreadable(path: string, cause: unknown): AuditError {
  return fails(
    'E_AUDIT_OPEN',
    `Expected the audit file ${path} to be readable, got: ${words(cause)}.`,
    'Check that you may read it. SQLite also writes beside it while it reads: if its directory does not allow that, copy it to one that does.',
    cause,
  )
}

export function unwritable(path: string, cause: unknown): AuditError {
  return fails(
    'E_AUDIT_OPEN',
    `Expected the audit file ${path} to be writable, got: ${words(cause)}.`,
    'Check that you own the file and its directory and that the disk is not full, or choose another path.',
    cause,
  )
}

export function notAFile(path: string, kind: string): AuditError {
  return fails(
    'E_AUDIT_OPEN',
    `Expected ${path} to be a file, got ${kind}.`,
    'Choose a path on disk where nothing is, or an audit file.',
  )
}

export function incomplete(path: string, cause: unknown): AuditError {
  return fails(
    'E_AUDIT_INCOMPLETE',
    `Expected the audit file ${path} to have all its tables and columns, got: ${words(cause)}.`,
    'It was changed by hand, or made by a version that was never released. Nothing was written to it. Move it away, and the next run that is recorded starts a new one.',
    cause,
  )
}

export function lockLeft(path: string, lock: string): AuditError {
  return fails(
    'E_AUDIT_LOCKED',
    `Expected to set the damaged audit file ${path} aside, but another process has been doing so for two seconds.`,
    `If there is none, it was killed meanwhile: remove the folder ${lock} and try again.`,
  )
}

export function directory(path: string): AuditError {
  return fails('E_AUDIT_OPEN', `Expected ${path} to be a file, got a directory.`, 'Name a file in it.')
}
