import Database from 'better-sqlite3'
import { approval, createEngine, memoryAudit, openSqliteAudit, pipeline, step, systemWorld } from 'shakedown'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { reading } from '../../../src/audit/sqlite/read/reading.ts'
import { temporaryFile } from '../audit/temporary-file.ts'

/** A file with a run that was interrupted, and a pipeline that can carry it on. */
async function interrupted() {
  const file = temporaryFile()
  const audit = openSqliteAudit(file, { clock: systemWorld().clock })
  const inside = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  let calls = 0
  const node = step('charge', async () => {
    calls++
    inside.resolve()
    await (calls === 1 ? new Promise(() => {}) : goOn.promise)
    return 'charged'
  })
  void createEngine({ audit }).run(node, undefined, { runId: 'r', durable: true })
  await inside.promise
  await audit.close()
  return { file, node, goOn: goOn.resolve, calls: () => calls }
}

test('of two that recover at once, one carries a run on and the other one is told that somebody is at work on it', async () => {
  const { file, node, goOn, calls } = await interrupted()
  await using one = createEngine({ audit: file, pipelines: [node] })
  await using two = createEngine({ audit: file, pipelines: [node] })
  const first = one.recover()
  const second = two.recover()
  await expect(second).resolves.toMatchObject([{ runId: 'r', kind: 'alive' }])
  goOn()
  await expect(first).resolves.toMatchObject([{ kind: 'carried-on', result: { output: 'charged' } }])
  expect(calls()).toBe(2)
})

/** The same with another value for one of its keys. */
function instead<T extends object>(whole: T, name: keyof T, value: unknown): T {
  return new Proxy(whole, {
    get(target, key) {
      if (key === name) return value
      const found: unknown = Reflect.get(target, key, target)
      return typeof found === 'function' ? (found.bind(target) as unknown) : found
    },
  })
}

test('a run that has been finished since it was listed is none that recover speaks of', async () => {
  const kept = memoryAudit()
  const listed = [{ runId: 'r', pipeline: 's', state: { kind: 'dead' } }]
  const durable = instead(kept.durable!, 'unfinished', () => listed)
  const node = step('s', () => 1)
  const engine = createEngine({ audit: instead(kept, 'durable', durable), pipelines: [node] })
  await engine.run(node, undefined, { runId: 'r', durable: true })
  await expect(engine.recover()).resolves.toEqual([])
})

test('resuming a run that goes on in the same engine is refused as it is elsewhere', async () => {
  const goOn = Promise.withResolvers<void>()
  const node = pipeline(
    'p',
    approval('ask', { message: 'Go on?', schema: z.boolean() }),
    step('wait', () => goOn.promise),
  )
  await using engine = createEngine({ audit: temporaryFile() })
  const { runId } = await engine.run(node, undefined)
  const first = engine.resume(runId, true)
  await expect.poll(() => engine.audit!.trail(runId)!.status).toBe('running')
  await expect(engine.resume(runId, true)).rejects.toMatchObject({ name: 'ResumeError', code: 'E_RUN_ALIVE' })
  goOn.resolve()
  await expect(first).resolves.toMatchObject({ status: 'completed' })
})

test('a durable run is recovered however many runs before it were killed that are not durable', async () => {
  const { file, node, goOn } = await interrupted()
  goOn()
  const db = new Database(file)
  db.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001)
    INSERT INTO runs (run_id, started_wall_ms, pipeline, status)
    SELECT 'old-' || i, i, runs.pipeline, runs.status FROM n, runs`)
  db.close()
  await using engine = createEngine({ audit: file, pipelines: [node] })
  const kinds = Object.groupBy(await engine.recover(), ({ kind }) => kind)
  expect(kinds['carried-on']).toMatchObject([{ runId: 'r', result: { output: 'charged' } }])
  expect(kinds['not-durable']).toHaveLength(10_000)
})

test('a checkpoint that is damaged is found before anything is done, and the run stays as it was', async () => {
  const file = temporaryFile()
  const node = pipeline(
    'p',
    step('one', () => 1),
    approval('ask', { message: 'Go on?', schema: z.boolean() }),
  )
  await using engine = createEngine({ audit: file, pipelines: [node] })
  const { runId } = await engine.run(node, undefined)
  const db = new Database(file)
  const before = db.prepare('SELECT data FROM checkpoints WHERE nth = 2').pluck().get()
  const put = db.prepare('UPDATE checkpoints SET data = ? WHERE nth = 2')
  put.run((before as Buffer).subarray(0, 20))
  await expect(engine.resume(runId, true)).rejects.toMatchObject({
    name: 'UnreadableCheckpointError',
    runId,
    at: "'p/one'",
  })
  expect(engine.audit!.trail(runId)!.status).toBe('paused')
  put.run(before)
  db.close()
  await expect(engine.resume(runId, true)).resolves.toMatchObject({ status: 'completed' })
})

test('a file that stays busy while it is read is said to be that', () => {
  const file = temporaryFile()
  const holder = new Database(file)
  holder.exec('CREATE TABLE t (x); BEGIN EXCLUSIVE')
  const db = new Database(file, { timeout: 0 })
  expect(() => reading(db, () => db.prepare('SELECT * FROM t').all())).toThrow(
    expect.objectContaining({ name: 'AuditError', code: 'E_AUDIT_BUSY' }),
  )
  db.close()
  holder.close()
})
