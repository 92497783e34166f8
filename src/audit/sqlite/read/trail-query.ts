import type Database from 'better-sqlite3'
import type { Cell } from '../../columns/kinds.ts'
import { runRow } from '../../columns/run-row.ts'
import type { Table } from '../../columns/table.ts'
import { LISTS, TABLES } from '../../columns/tables.ts'
import type { RowOf, RunRow, RunTrail } from '../../store.ts'
import { ATTEMPTS_OF_RUNS } from '../file/schema.ts'

const { 'run-started': START, 'run-finished': END } = TABLES
/** Where the cells of a run's row are: its id, its start, its end. */
const START_AT = 1
const END_AT = START_AT + START.columns.length

/** Columns of a run's row that a list of runs leaves out: together they can hold 200 KB. */
const PAYLOADS = new Set(['input', 'output', 'error'])
const RUN = ['run_id', ...START.columns, ...END.columns]
const RUN_COLUMNS = RUN.join(', ')
export const LISTED_COLUMNS: string = RUN.map((name) => (PAYLOADS.has(name) ? 'NULL' : name)).join(', ')

/** A run in a list, of the cells of `LISTED_COLUMNS`. */
export function listedRun(cells: readonly Cell[]): RunRow {
  const end = END.read(cells, END_AT)
  // The status is of both: a run that has not ended has one, too.
  return runRow(String(cells[0]), START.read(cells, START_AT), cells[END_AT] === 'running' ? undefined : end)
}

/** Where a list's rows are read, when that is not simply its table. */
const SOURCES: Partial<Record<keyof typeof LISTS, readonly [from: string, run: string]>> = {
  attemptRows: [ATTEMPTS_OF_RUNS, 'attempt_blocks.run'],
  stepRows: ['step_ends', 'run'],
}

/** The query for one list of a run's records, in their order. */
export function listQuery(name: keyof typeof LISTS): string {
  const { name: own, columns } = TABLES[LISTS[name]]
  const [from, run] = SOURCES[name] ?? [own, 'run']
  return `SELECT seq, ${columns.join(', ')} FROM ${from} WHERE ${run} = @run ORDER BY seq`
}

interface List {
  readonly name: keyof typeof LISTS
  readonly rows: Database.Statement<[{ run: number }], Cell[]>
  readonly table: Pick<Table<never, RowOf<unknown>>, 'read'>
}

/** Reads everything about one run: one range of each table. */
export class TrailQuery {
  readonly #run: Database.Statement<[string], Cell[]>
  readonly #lists: readonly List[]

  constructor(db: Database.Database) {
    this.#run = db
      .prepare<[string], Cell[]>(`SELECT ${RUN_COLUMNS}, run, finished_seq FROM runs WHERE run_id = ?`)
      .raw()
    this.#lists = (Object.keys(LISTS) as (keyof typeof LISTS)[]).map((name) => {
      const table = TABLES[LISTS[name]]
      return { name, rows: db.prepare<[{ run: number }], Cell[]>(listQuery(name)).raw(), table }
    })
  }

  get(runId: string): RunTrail | undefined {
    const found = this.#run.get(runId)
    if (found === undefined) return undefined
    const [run, finishedSeq] = found.slice(RUN.length) as [number, number | null]
    const row = listedRun(found)
    const { output, error } = END.read(found, END_AT)
    const lists = this.#lists.map(({ name, rows, table }) => {
      const read = (cells: Cell[]): RowOf<unknown> => ({ seq: cells[0] as number, ...table.read(cells, 1) })
      return [name, rows.all({ run }).map(read)] as const
    })
    return {
      ...row,
      // A run that was paused and goes on has no end, although its row remembers where the pause was.
      finishedSeq: row.status === 'running' ? null : finishedSeq,
      input: START.read(found, START_AT).input,
      output,
      error,
      // One list for each name in `LISTS`, with the rows of its kind.
      ...(Object.fromEntries(lists) as unknown as Pick<RunTrail, keyof typeof LISTS>),
    }
  }
}
