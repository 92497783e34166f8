import type Database from 'better-sqlite3'
import { ADAPTER_NODE, type AdapterUse, adapterUseOf } from '../../adapter-uses.ts'
import { bag, type Cell } from '../../columns/kinds.ts'
import type { StepRecord } from '../../records.ts'

/** More names than a person gives to adapters; each is one look into the index. */
const ADAPTERS_MAX = 1_000

/** Each name that is in the index, by one look for each: the index has a row for every task. */
const NAMES = `WITH RECURSIVE names (name) AS (
  SELECT min(step) FROM steps WHERE node = '${ADAPTER_NODE}'
  UNION ALL
  SELECT (SELECT min(step) FROM steps WHERE node = '${ADAPTER_NODE}' AND step > name) FROM names WHERE name IS NOT NULL
)
SELECT name FROM names WHERE name IS NOT NULL LIMIT ${ADAPTERS_MAX}`

const USES = `SELECT status, attempts, metadata FROM steps INDEXED BY steps_of_adapters
WHERE node = '${ADAPTER_NODE}' AND step = ? ORDER BY run DESC, seq DESC LIMIT ?`

/** The latest tasks of each adapter. */
export class AdaptersQuery {
  readonly #names: Database.Statement<unknown[], Cell[]>
  readonly #uses: Database.Statement<unknown[], Cell[]>

  constructor(db: Database.Database) {
    this.#names = db.prepare<unknown[], Cell[]>(NAMES).raw()
    this.#uses = db.prepare<unknown[], Cell[]>(USES).raw()
  }

  get(tasksMax: number): ReadonlyMap<string, readonly AdapterUse[]> {
    return new Map(
      this.#names.all().map(([name]): [string, AdapterUse[]] => {
        const rows = this.#uses.all(name, tasksMax).toReversed()
        return [String(name), rows.flatMap((cells) => useOf(cells) ?? [])]
      }),
    )
  }
}

function useOf([status, attempts, ...metadata]: Cell[]): AdapterUse | undefined {
  return adapterUseOf({
    status: status as StepRecord['status'],
    attempts: attempts as number,
    metadata: bag.read(metadata, 0),
  })
}
