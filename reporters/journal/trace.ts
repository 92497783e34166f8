import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { JOURNAL_FOLDER } from './folder.ts'

/*
 * The trace of a run that has no journal yet. One that is killed so early leaves nothing else, and the newest journal
 * is that of an earlier run.
 */

const FILE = 'last-run.txt'

/**
 * Notes that a run is about to begin, where runs have left journals before.
 *
 * @throws whatever the file system does
 */
export function leaveTrace(reportDir: string): void {
  const folder = path.join(reportDir, JOURNAL_FOLDER)
  if (existsSync(folder)) writeFileSync(path.join(folder, FILE), `${new Date().toISOString()}\n`)
}

/** When the last run was about to begin, in ms since 1970; `undefined` where it left no trace that can be read. */
export function readTrace(reportDir: string): number | undefined {
  try {
    const atMs = Date.parse(readFileSync(path.join(reportDir, JOURNAL_FOLDER, FILE), 'utf8').trim())
    return Number.isFinite(atMs) ? atMs : undefined
  } catch {
    return undefined
  }
}
