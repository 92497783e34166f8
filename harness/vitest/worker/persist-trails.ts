import { inject } from 'vitest'
import {
  copyTrail,
  describeThrown,
  openSqliteAudit,
  systemWorld,
  type RunTrail,
  type SqliteAudit,
} from '../../../src/index.ts'
import type { ProvidedSettings } from '../provided.ts'

/**
 * How long a commit waits for another process to let go of the database, in milliseconds: many commits of others, and
 * well below Vitest's limit of 5 s for a test, which a scenario must not reach for its record's sake.
 */
const BUSY_WAIT_MS_MAX = 1_000

/** The database of this worker: opened for the first trail of a test file, closed after the file's last test. */
let database: SqliteAudit | undefined
/** A worker that could not write once does not try again: each try can cost its test the whole wait. */
let gaveUp = false

/**
 * Copies what a scenario left in its audit trail into the report folder's database, for `shakedown runs` and
 * `shakedown explain`. A simulated world counts its runs from 1, so each gets an id that is its own.
 *
 * A database that cannot be written fails no scenario: it is said once, and the runs keep their simulated ids.
 *
 * @returns the run ids the trails are known by
 */
export async function persistTrails(trails: readonly RunTrail[]): Promise<string[]> {
  const settings: ProvidedSettings | undefined = inject('shakedown')
  if (settings === undefined || trails.length === 0 || gaveUp) return trails.map(({ runId }) => runId)
  const { clock, nextId } = systemWorld()
  const kept: string[] = []
  try {
    database ??= openSqliteAudit(settings.runsFile, {
      clock,
      redact: settings.redact,
      busyWaitMsMax: BUSY_WAIT_MS_MAX,
    })
    for (const trail of trails) {
      const runId = nextId('run')
      await copyTrail(atRealTime(trail, clock.wallMs()), database, runId)
      kept.push(runId)
    }
  } catch (error) {
    gaveUp = true
    process.emitWarning(`Runs of scenarios are not kept: ${describeThrown(error)}`, 'ShakedownWarning')
  }
  return kept.concat(trails.slice(kept.length).map(({ runId }) => runId))
}

/**
 * The same trail, started now: every simulated world begins at the same moment, and a list of runs by time needs the
 * one at which a person waited for them.
 */
function atRealTime(trail: RunTrail, wallMs: number): RunTrail {
  const { startedWallMs, finishedWallMs } = trail
  return {
    ...trail,
    startedWallMs: wallMs,
    finishedWallMs: finishedWallMs === null ? null : wallMs + (finishedWallMs - startedWallMs),
  }
}

/** Closes the database; the next trail opens it again. */
export async function closeTrails(): Promise<void> {
  const open = database
  database = undefined
  await open?.close()
}
