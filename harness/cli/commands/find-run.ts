import { didYouMean } from '../../../src/base/nearest.ts'
import { ShakedownError } from '../../../src/base/errors.ts'
import type { AuditReader, RunTrail } from '../../../src/audit/store.ts'
import { shorten } from '../../../reporters/text/visible.ts'
import { count } from '../../../reporters/text/words.ts'
import { formatMoment } from '../../../reporters/text/moment.ts'
import { RUNS_MAX } from './runs.ts'
import { shortIds } from '../../../reporters/trail/runs-table.ts'
import { table } from '../../../reporters/text/layout.ts'

/** Runs offered when the id given fits several, or none. */
const OFFERED_MAX = 8
const PIPELINE_MAX = 16

/**
 * Finds a run by its id, or by the beginning of one that no other run has, however old it is.
 *
 * @throws ShakedownError `E_RUN_AMBIGUOUS` with the candidates, `E_RUN_UNKNOWN` with the nearest or latest ids
 */
export function findRun(audit: AuditReader, given: string): RunTrail {
  const exact = audit.trail(given)
  if (exact) return exact
  const candidates = audit.runs({ runIdPrefix: given, limit: RUNS_MAX })
  const [first] = candidates
  const found = candidates.length === 1 && first !== undefined ? audit.trail(first.runId) : undefined
  if (found) return found
  const rows = candidates.length > 0 ? candidates : audit.runs({ limit: RUNS_MAX })
  const offered = rows.slice(0, OFFERED_MAX)
  const ids = shortIds(offered.map(({ runId }) => runId))
  const list = table(
    offered.map(({ pipeline, status, startedWallMs }, index) => [
      `  ${ids[index]}`,
      shorten(pipeline, PIPELINE_MAX),
      status,
      formatMoment(startedWallMs),
    ]),
  ).join('\n')
  if (candidates.length > 0) {
    throw new ShakedownError(
      'E_RUN_AMBIGUOUS',
      `Expected the beginning of one run id, got ${JSON.stringify(given)}: ${count(candidates.length, 'run id')} begin with it:\n\n${list}${more(candidates.length)}`,
      { hint: 'Give more of its letters.' },
    )
  }
  const none = rows.length === 0 ? ' The database holds no runs.' : `\n\nThe latest are:\n\n${list}`
  throw new ShakedownError(
    'E_RUN_UNKNOWN',
    `Expected the id of a run, or the beginning of one, got ${JSON.stringify(given)}, which no run has.${didYouMean(
      given,
      rows.map(({ runId }) => runId),
    )}${none}`,
    { hint: '`shakedown runs` lists more.' },
  )
}

function more(candidates: number): string {
  return candidates > OFFERED_MAX ? `\n  … and ${count(candidates - OFFERED_MAX, 'other')}` : ''
}
