import type Database from 'better-sqlite3'
import type { Conservation } from '../../store.ts'

/** Runs listed by name; more than a person looks into. */
const OPEN_MAX = 100

/**
 * The law of the audit trail in one query: a run's tokens and their terminal outcomes are equally many. Lists the
 * runs where they are not, finished ones first: those are defects, the others are still going or were killed.
 */
const OPEN_RUNS = `SELECT run_id AS runId, tokens, outcomes, finished FROM (
  SELECT run, run_id, status NOT IN ('running', 'paused') AS finished,
    (SELECT count(*) FROM tokens WHERE tokens.run = runs.run) AS tokens,
    (SELECT count(*) FROM outcomes WHERE outcomes.run = runs.run) AS outcomes
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
    this.#outcomes = db.prepare<[], number>('SELECT count(*) FROM outcomes').pluck()
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
