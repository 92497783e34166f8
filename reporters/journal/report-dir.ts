import { accessSync, constants, existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { JOURNAL_FOLDER } from './folder.ts'
import { makeFolder } from '../../src/audit/sqlite/file/make-folder.ts'
import { ShakedownError } from '../../src/base/errors.ts'

/** What to do about each way a folder can refuse; the code is the operating system's. */
const HINTS: Readonly<Record<string, string>> = {
  ENOENT: 'Nothing can be created there; choose another folder with `reportDir`.',
  EACCES: 'Give this user permission to write there, or choose another folder with `reportDir`.',
  EPERM: 'Give this user permission to write there, or choose another folder with `reportDir`.',
  EROFS: 'The file system is read-only; choose a folder elsewhere with `reportDir`.',
  ENOTDIR: 'A file is where a folder is needed; remove it or choose another folder with `reportDir`.',
  EEXIST: 'A file is where a folder is needed; remove it or choose another folder with `reportDir`.',
  EISDIR: 'A folder is where a report file is needed; remove it or choose another folder with `reportDir`.',
  ENOSPC: 'The disk is full; free some space or choose another folder with `reportDir`.',
}

/**
 * Makes sure reports can be written to `dir`, before an hour of tests has run. A folder it creates gets a `.gitignore`
 * that keeps all of it out of Git.
 *
 * @throws ShakedownError `E_REPORT_DIR` with the path and what to do
 *
 * @example
 * prepareReportDir('.shakedown')
 */
export function prepareReportDir(dir: string): void {
  try {
    const isNew = !existsSync(dir)
    makeFolder(path.resolve(dir))
    // A folder that was there may hold things of the project.
    if (isNew) writeFileSync(path.join(dir, '.gitignore'), '*\n')
    makeFolder(path.resolve(dir, JOURNAL_FOLDER))
    for (const folder of [dir, path.join(dir, JOURNAL_FOLDER)])
      accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw reportDirError(dir, cause)
  }
}

/** The error for a report folder that cannot be written. */
export function reportDirError(dir: string, cause: unknown): ShakedownError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const got = cause instanceof Error ? cause.message : String(cause)
  return new ShakedownError('E_REPORT_DIR', `Expected the report folder ${dir} to be writable, got ${got}.`, {
    hint: HINTS[code] ?? 'Choose another folder with `reportDir`.',
    cause,
  })
}
