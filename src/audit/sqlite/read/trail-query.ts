import type Database from 'better-sqlite3'
import { bagOf } from '../../entry.ts'
import type { RunTrail } from '../../store.ts'
import { payloadOf } from '../payload-column.ts'
import { RUN_COLUMNS } from './runs-query.ts'
import { RECORDS_PER_RUN } from '../file/schema.ts'

type AttemptRow = RunTrail['attemptRows'][number]
type StepRow = RunTrail['stepRows'][number]
type EventRow = RunTrail['eventRows'][number]

/** A row as the file holds it: payloads and bags are text, usage is two columns. */
type Columns<Row, Text extends keyof Row> = Omit<Row, Text | 'usage'> & {
  readonly [K in Text]: string | null
} & { readonly costUsd: number; readonly tokens: number }

type EventColumns = Omit<EventRow, 'detail'> & { readonly detail: string | null }

interface RunColumns extends Omit<RunTrail, 'input' | 'output' | 'error' | `${string}Rows`> {
  readonly run: number
  readonly input: string | null
  readonly output: string | null
  readonly error: string | null
}

const ROW_OF_RUN = `BETWEEN @run * ${RECORDS_PER_RUN} AND @run * ${RECORDS_PER_RUN} + ${RECORDS_PER_RUN - 1}`

const RUN = `SELECT run, ${RUN_COLUMNS}, finished_seq AS finishedSeq, input, output, error FROM runs WHERE run_id = ?`
const TOKENS = `SELECT seq, token_id AS tokenId, parent_id AS parentId, at_ms AS atMs
  FROM tokens WHERE run = @run ORDER BY seq`
const ATTEMPTS = `SELECT seq, token_id AS tokenId, path, step, attempt, status, started_at_ms AS startedAtMs,
    latency_ms AS latencyMs, delay_ms AS delayMs, cost_usd AS costUsd, tokens, input, output, error
  FROM attempts WHERE id ${ROW_OF_RUN} ORDER BY id`
const STEPS = `SELECT seq, token_id AS tokenId, path, step, node, status, attempts, latency_ms AS latencyMs,
    at_ms AS atMs, cost_usd AS costUsd, tokens, feedback, metadata
  FROM step_ends WHERE row_id ${ROW_OF_RUN} ORDER BY seq`
const EVENTS = `SELECT seq, path, event, at_ms AS atMs, detail FROM events WHERE id ${ROW_OF_RUN} ORDER BY id`
const OUTCOMES = `SELECT seq, token_id AS tokenId, outcome, reason, error_hash AS errorHash, at_ms AS atMs
  FROM outcomes WHERE id ${ROW_OF_RUN} ORDER BY id`

type OfRun<Row> = Database.Statement<[{ run: number }], Row>

/** Reads everything about one run: one range of each table. */
export class TrailQuery {
  readonly #run: Database.Statement<[string], RunColumns>
  readonly #tokens: OfRun<RunTrail['tokenRows'][number]>
  readonly #attempts: OfRun<Columns<AttemptRow, 'input' | 'output' | 'error'>>
  readonly #steps: OfRun<Columns<StepRow, 'metadata'>>
  readonly #events: OfRun<EventColumns>
  readonly #outcomes: OfRun<RunTrail['outcomeRows'][number]>

  constructor(db: Database.Database) {
    this.#run = db.prepare(RUN)
    this.#tokens = db.prepare(TOKENS)
    this.#attempts = db.prepare(ATTEMPTS)
    this.#steps = db.prepare(STEPS)
    this.#events = db.prepare(EVENTS)
    this.#outcomes = db.prepare(OUTCOMES)
  }

  get(runId: string): RunTrail | undefined {
    const found = this.#run.get(runId)
    if (found === undefined) return undefined
    const { run, input, output, error, ...row } = found
    return {
      ...row,
      input: payloadOf(input),
      output: payloadOf(output),
      error: payloadOf(error),
      tokenRows: this.#tokens.all({ run }),
      attemptRows: this.#attempts.all({ run }).map(attemptRow),
      stepRows: this.#steps.all({ run }).map(stepRow),
      eventRows: this.#events.all({ run }).map(eventRow),
      outcomeRows: this.#outcomes.all({ run }),
    }
  }
}

function attemptRow(columns: Columns<AttemptRow, 'input' | 'output' | 'error'>): AttemptRow {
  const { costUsd, tokens, input, output, error, ...row } = columns
  return {
    ...row,
    usage: { costUsd, tokens },
    input: payloadOf(input),
    output: payloadOf(output),
    error: payloadOf(error),
  }
}

function stepRow({ costUsd, tokens, metadata, ...row }: Columns<StepRow, 'metadata'>): StepRow {
  return { ...row, usage: { costUsd, tokens }, metadata: bagOf(metadata) }
}

function eventRow({ detail, ...row }: EventColumns): EventRow {
  return { ...row, detail: bagOf(detail) }
}
