import Database from 'better-sqlite3'

/** A hand-written way to make a run durable. */
export interface Floor {
  readonly run: (times: number) => Promise<void>
  readonly close: () => void
}

const work = async (n: number): Promise<number> => n + 1

function open(file: string) {
  const db = new Database(file, { timeout: 0 })
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = NORMAL')
  db.exec(`CREATE TABLE attempts (run_id TEXT, path TEXT, attempt INTEGER, status TEXT, started_ms REAL, latency_ms REAL,
    input TEXT, output TEXT, error TEXT, cost REAL, tokens INTEGER, PRIMARY KEY (run_id, path, attempt)) WITHOUT ROWID`)
  const insert = db.prepare('INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  return { db, insert }
}

let runs = 0

/** One transaction per attempt, committed before the next step starts: what one careful run alone costs at least. */
export function durableFloor(file: string, steps: number): Floor {
  const { db, insert } = open(file)
  const record = db.transaction(
    (runId: string, path: string, startedMs: number, input: number, output: number) =>
      insert.run(
        runId,
        path,
        1,
        'completed',
        startedMs,
        performance.now() - startedMs,
        JSON.stringify(input),
        JSON.stringify(output),
        null,
        0,
        0,
      ),
  )
  return {
    run: async (times) => {
      for (let i = 0; i < times; i++) {
        const runId = `run-${runs++}`
        let value = 0
        for (let at = 0; at < steps; at++) {
          const startedMs = performance.now()
          const input = value
          value = await work(value)
          record(runId, `ten/s${at}`, startedMs, input, value)
        }
      }
    },
    close: () => db.close(),
  }
}

/** Attempts of all runs of one event-loop turn in one transaction; each run waits for its commit. */
export function groupCommitFloor(file: string, steps: number, atOnce: number): Floor {
  const { db, insert } = open(file)
  let rows: unknown[][] = []
  let waiting: (() => void)[] = []
  const flush = db.transaction(() => {
    for (const row of rows) insert.run(...row)
  })
  const commit = (row: unknown[]): Promise<void> =>
    new Promise((resolve) => {
      rows.push(row)
      waiting.push(resolve)
      if (waiting.length > 1) return
      setImmediate(() => {
        flush()
        rows = []
        const released = waiting
        waiting = []
        for (const release of released) release()
      })
    })
  const one = async (): Promise<void> => {
    const runId = `run-${runs++}`
    let value = 0
    for (let at = 0; at < steps; at++) {
      const startedMs = performance.now()
      const input = value
      value = await work(value)
      await commit([
        runId,
        `ten/s${at}`,
        1,
        'completed',
        startedMs,
        performance.now() - startedMs,
        JSON.stringify(input),
        JSON.stringify(value),
        null,
        0,
        0,
      ])
    }
  }
  return {
    run: async (times) => {
      for (let i = 0; i < times; i += atOnce) await Promise.all(Array.from({ length: atOnce }, one))
    },
    close: () => db.close(),
  }
}
