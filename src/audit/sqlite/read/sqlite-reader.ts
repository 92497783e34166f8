import type Database from 'better-sqlite3'
import type { Cell } from '../../columns/kinds.ts'
import type { AuditReader, Conservation, RunFilter, RunRow, RunTrail } from '../../store.ts'
import type { AdapterUse } from '../../adapter-uses.ts'
import { AdaptersQuery } from './adapters-query.ts'
import { ConservationQuery } from './conservation-query.ts'
import { reading } from './reading.ts'
import { runsQuery } from './runs-query.ts'
import { listedRun, TrailQuery } from './trail-query.ts'

/** Asked by the keys of both tables. */
const JOIN_OF_RUN = `SELECT 1 FROM joins
  WHERE run = (SELECT run FROM runs WHERE run_id = ?) AND join_group = ?`

/** The read model over one connection. */
export class SqliteReader implements AuditReader {
  readonly #db: Database.Database
  readonly #trail: TrailQuery
  readonly #conservation: ConservationQuery
  /** Made for the first who asks: most files have no adapters. */
  #adapters: AdaptersQuery | undefined
  /** One statement per shape of filter: a handful. */
  readonly #runs = new Map<string, Database.Statement<unknown[], Cell[]>>()

  /** Made when it is first asked: few runs have so many joins. */
  #join: Database.Statement<[string, string], 1> | undefined

  constructor(db: Database.Database) {
    this.#db = db
    this.#trail = new TrailQuery(db)
    this.#conservation = new ConservationQuery(db)
  }

  runs(filter: RunFilter = {}): readonly RunRow[] {
    const { sql, parameters } = runsQuery(filter)
    return this.#read(() => {
      let statement = this.#runs.get(sql)
      if (statement === undefined) {
        statement = this.#db.prepare<unknown[], Cell[]>(sql).raw()
        this.#runs.set(sql, statement)
      }
      return statement.all(...parameters).map(listedRun)
    })
  }

  trail(runId: string): RunTrail | undefined {
    return this.#read(() => this.#trail.get(runId))
  }

  isJoined(runId: string, joinGroup: string): boolean {
    return this.#read(() => {
      this.#join ??= this.#db.prepare<[string, string], 1>(JOIN_OF_RUN).pluck()
      return this.#join.get(runId, joinGroup) === 1
    })
  }

  conservation(): Conservation {
    return this.#read(() => this.#conservation.get())
  }

  adapterUses(tasksMax: number): ReadonlyMap<string, readonly AdapterUse[]> {
    return this.#read(() => (this.#adapters ??= new AdaptersQuery(this.#db)).get(tasksMax))
  }

  /** Several statements see one state of the file; writers elsewhere go on meanwhile. */
  #read<T>(work: () => T): T {
    return reading(this.#db, () => this.#db.transaction(work).deferred())
  }
}
