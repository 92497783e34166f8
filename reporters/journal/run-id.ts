import { randomBytes } from 'node:crypto'

/** Two runs that start within one millisecond need telling apart; 2^24 makes a clash of ten of them unlikely. */
const RANDOM_BYTES = 3

/** What every run id looks like. */
export const RUN_ID: RegExp = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z-[0-9a-f]{6}$/

/**
 * A run id: sorts by start time as plain text, and is a file name everywhere.
 *
 * @example newRunId(Date.now()) // '2026-11-20T09-46-44-071Z-3fa91c'
 */
export function newRunId(startedAtMs: number): string {
  const time = new Date(startedAtMs).toISOString().replaceAll(/[:.]/g, '-')
  return `${time}-${randomBytes(RANDOM_BYTES).toString('hex')}`
}
