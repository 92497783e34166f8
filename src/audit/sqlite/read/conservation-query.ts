import type Database from 'better-sqlite3'
import type { Conservation } from '../../store.ts'
import { RECORDS_PER_RUN, TERMINAL } from '../file/schema.ts'

/** Runs listed by name; more than a person looks into. */
const OPEN_MAX = 100

/**
 * The law of the audit trail in one query: a run's tokens and their terminal outcomes are equally many. Lists the
 * runs where they are not, finished ones first: those are defects, the others are still going or were killed.
 */
const OPEN_RUNS = `SELECT run_id AS runId, tokens, outcomes, finished FROM (
  SELECT run, run_id, status NOT IN ('running', 'paused') AS finished,
    (SELECT count(*) FROM tokens WHERE tokens.run = runs.run) AS tokens,
    (SELECT count(*) FROM outcomes
      WHERE id BETWEEN runs.run * ${RECORDS_PER_RUN} AND runs.run * ${RECORDS_PER_RUN} + ${RECORDS_PER_RUN - 1}
      AND outcome IN ${TERMINAL}) AS outcomes
  FROM runs
) WHERE tokens <> outcomes ORDER BY finished DESC, run DESC LIMIT ${OPEN_MAX}`

interface OpenRow {
  readonly runId: string
  readonly tokens: number
  readonly outcomes: number
  readonly finished: 0 | 1
}

export class ConservationQuery {
  readonly #open: Database.Statement<[], OpenRow>
  readonly #tokens: Database.Statement<[], number>
  readonly #outcomes: Database.Statement<[], number>

  constructor(db: Database.Database) {
    this.#open = db.prepare<[], OpenRow>(OPEN_RUNS)
    this.#tokens = db.prepare<[], number>('SELECT count(*) FROM tokens').pluck()
    this.#outcomes = db
      .prepare<[], number>(`SELECT count(*) FROM outcomes WHERE outcome IN ${TERMINAL}`)
      .pluck()
  }

  get(): Conservation {
    const open = this.#open.all().map(openRun)
    return {
      tokens: this.#tokens.get() ?? 0,
      outcomes: this.#outcomes.get() ?? 0,
      open,
      ok: !open.some(({ finished }) => finished),
    }
  }
}

function openRun({ finished, ...row }: OpenRow): Conservation['open'][number] {
  return { ...row, finished: finished === 1 }
}
