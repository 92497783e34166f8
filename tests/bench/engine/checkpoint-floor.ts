import { deserialize, serialize } from 'node:v8'
import Database from 'better-sqlite3'
import type { Floor } from './recorded-floor.ts'

const work = async (n: number): Promise<number> => n + 1

let runs = 0

/**
 * A hand-written way to carry runs on: before a step starts its start is on disk, in one transaction with what the step
 * before it gave, for people and exactly; the end of the run deletes what was only kept for carrying it on.
 */
export function checkpointFloor(file: string, steps: number): Floor {
  const db = new Database(file, { timeout: 0 })
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = NORMAL')
  db.exec(`CREATE TABLE runs (run INTEGER PRIMARY KEY, run_id TEXT UNIQUE, status TEXT, started_ms REAL, owner TEXT);
    CREATE TABLE starts (run INTEGER, path TEXT, attempt INTEGER, at_ms REAL, PRIMARY KEY (run, path, attempt)) WITHOUT ROWID;
    CREATE TABLE attempts (run INTEGER, path TEXT, attempt INTEGER, status TEXT, started_ms REAL, latency_ms REAL,
      input TEXT, output TEXT, error TEXT, cost REAL, tokens INTEGER, PRIMARY KEY (run, path, attempt)) WITHOUT ROWID;
    CREATE TABLE checkpoints (run INTEGER, nth INTEGER, path TEXT, data BLOB, PRIMARY KEY (run, nth)) WITHOUT ROWID`)
  const begin = db.prepare(`INSERT INTO runs (run_id, status, started_ms, owner) VALUES (?, 'running', ?, ?)`)
  const end = db.prepare(`UPDATE runs SET status = 'completed', owner = NULL WHERE run = ?`)
  const owner = db.prepare<[number], string>('SELECT owner FROM runs WHERE run = ?').pluck()
  const start = db.prepare('INSERT INTO starts VALUES (?, ?, ?, ?)')
  const attempt = db.prepare('INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const save = db.prepare('INSERT INTO checkpoints VALUES (?, ?, ?, ?)')
  const forget = db.prepare('DELETE FROM checkpoints WHERE run = ?')

  const ended = (run: number, nth: number, startedMs: number, input: number, output: number): void => {
    const path = `ten/s${nth}`
    const ms = performance.now() - startedMs
    const text = [JSON.stringify(input), JSON.stringify(output)]
    attempt.run(run, path, 1, 'completed', startedMs, ms, ...text, null, 0, 0)
    save.run(
      run,
      nth,
      path,
      serialize({ output, attempts: 1, latencyMs: ms, usage: { costUsd: 0, tokens: 0 } }),
    )
  }
  const began = db.transaction((runId: string, input: number): number => {
    const run = Number(begin.run(runId, performance.now(), 'me').lastInsertRowid)
    save.run(run, -1, 'start', serialize({ input }))
    start.run(run, 'ten/s0', 1, performance.now())
    return run
  })
  const next = db.transaction(
    (run: number, nth: number, startedMs: number, input: number, output: number) => {
      if (owner.get(run) !== 'me') throw new Error('carried on elsewhere')
      ended(run, nth, startedMs, input, output)
      start.run(run, `ten/s${nth + 1}`, 1, performance.now())
    },
  )
  const last = db.transaction(
    (run: number, nth: number, startedMs: number, input: number, output: number) => {
      if (owner.get(run) !== 'me') throw new Error('carried on elsewhere')
      ended(run, nth, startedMs, input, output)
      end.run(run)
      forget.run(run)
    },
  )
  return {
    run: async (times) => {
      for (let i = 0; i < times; i++) {
        let value = deserialize(serialize(0)) as number
        const run = began(`run-${runs++}`, value)
        for (let at = 0; at < steps; at++) {
          const startedMs = performance.now()
          const input = value
          value = await work(value)
          ;(at < steps - 1 ? next : last)(run, at, startedMs, input, value)
        }
      }
    },
    close: () => db.close(),
  }
}
