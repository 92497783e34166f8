import { closeSync, constants, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { ShakedownError } from '../../src/base/errors.ts'

/*
 * A journal from outside the process that writes it. A test may have put anything in its place meanwhile, and to open
 * a pipe that has no other end is to wait for ever: so nothing here waits, and only regular files are read or written.
 */

/**
 * The text of a journal.
 *
 * @throws ShakedownError `E_JOURNAL` when there is none, or something else is in its place
 */
export function readJournalText(file: string): string {
  return withRegularFile(file, constants.O_RDONLY, (opened) => readFileSync(opened, 'utf8'))
}

/**
 * Appends text to a journal that is there.
 *
 * @throws ShakedownError `E_JOURNAL` when there is none, or it cannot be written
 */
export function appendJournalText(file: string, text: string): void {
  withRegularFile(file, constants.O_WRONLY | constants.O_APPEND, (opened) => writeFileSync(opened, text))
}

/** On Windows there are no such pipes, and no such flag. */
const WITHOUT_WAITING = constants.O_NONBLOCK ?? 0

function withRegularFile<T>(file: string, flags: number, use: (opened: number) => T): T {
  try {
    const opened = openSync(file, flags | WITHOUT_WAITING)
    try {
      if (!fstatSync(opened).isFile()) throw new Error('something else than a regular file')
      return use(opened)
    } finally {
      closeSync(opened)
    }
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause)
    throw new ShakedownError('E_JOURNAL', `Expected a journal at ${file}, got ${what}.`, { cause })
  }
}
