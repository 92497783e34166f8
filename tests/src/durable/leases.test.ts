import { copyFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { type Clock, createEngine, openSqliteAudit, pipeline, step, systemWorld } from 'shakedown'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFile } from '../audit/temporary-file.ts'

const { clock: realClock } = systemWorld()

/** A durable run whose second step waits until it is told to go on. */
function waiting(file: string, clock: Clock = realClock) {
  const audit = openSqliteAudit(file, { clock })
  const calls: string[] = []
  const inside = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<string>()
  const node = pipeline(
    'p',
    step('one', () => calls.push('one')),
    step('two', () => {
      calls.push('two')
      inside.resolve()
      return goOn.promise
    }),
    step('three', (text: string) => {
      calls.push('three')
      return text
    }),
  )
  const result = createEngine({ audit }).run(node, undefined, { runId: 'r', durable: true })
  return { audit, calls, inside: inside.promise, goOn: goOn.resolve, node, result }
}

function other(file: string) {
  const db = new Database(file)
  onTestFinished(() => void db.close())
  return db
}

test('a process whose lease another one has taken stores nothing more, and starts nothing more', async () => {
  const file = temporaryFile()
  const first = waiting(file)
  await first.inside
  const db = other(file)
  db.prepare(`UPDATE leases SET owner = 'other'`).run()
  const before = first.audit.trail('r')
  first.goOn('late')
  await expect(first.result).rejects.toMatchObject({ code: 'E_AUDIT_LEASE_LOST' })
  expect(first.calls).toEqual(['one', 'two'])
  expect(first.audit.trail('r')).toEqual(before)
  await first.audit.close()
})

test('a lease elsewhere keeps others away until it runs out', async () => {
  const file = temporaryFile()
  const first = waiting(file)
  await first.inside
  const copy = temporaryFile()
  const source = other(file)
  source.pragma('wal_checkpoint(TRUNCATE)')
  copyFileSync(file, copy)
  const db = other(copy)
  const set = db.prepare(
    `UPDATE leases SET owner = ?, host = ?, place = 'elsewhere', pid = ?, expires_wall_ms = ?`,
  )
  await using engine = createEngine({
    audit: copy,
    pipelines: [
      pipeline(
        'p',
        step('one', () => 1),
        step('two', () => 'x'),
        step('three', (x: string) => x),
      ),
    ],
  })
  set.run('them', 'another-host', 1, Date.now() + 60_000)
  await expect(engine.recover()).resolves.toMatchObject([{ kind: 'alive', by: 'process 1 on another-host' }])
  set.run('them', 'another-host', 1, Date.now() - 1)
  await expect(engine.recover()).resolves.toMatchObject([{ kind: 'carried-on', result: { output: 'x' } }])
  first.goOn('fine')
  await first.result
  await first.audit.close()
})

test('a lease is renewed every ten seconds while the run goes on, and gone when it has ended', async () => {
  const file = temporaryFile()
  const timers: { ms: number; point: string; fire: () => void }[] = []
  let nowMs = 1_000
  const clock: Clock = {
    ...realClock,
    wallMs: () => nowMs,
    after: (ms, point, fire) => {
      const timer = { ms, point, fire }
      timers.push(timer)
      return { cancel: () => void timers.splice(timers.indexOf(timer), 1) }
    },
  }
  const run = waiting(file, clock)
  await run.inside
  const db = other(file)
  const expiry = db.prepare('SELECT expires_wall_ms FROM leases').pluck()
  expect(expiry.get()).toBe(31_000)
  expect(timers.map(({ ms }) => ms)).toEqual([10_000])
  nowMs = 11_000
  timers.pop()!.fire()
  expect(expiry.get()).toBe(41_000)
  // A busy file: tried again soon.
  db.exec('BEGIN IMMEDIATE')
  timers.pop()!.fire()
  db.exec('COMMIT')
  expect(timers.map(({ ms }) => ms)).toEqual([50])
  run.goOn('fine')
  await run.result
  expect(expiry.get()).toBeUndefined()
  expect(timers).toEqual([])
  await run.audit.close()
})

test('a full disk ends a durable run; with room again it is carried on from what was stored', async () => {
  const file = temporaryFile()
  const run = waiting(file)
  await run.inside
  const db = other(file)
  db.exec(
    `CREATE TRIGGER full BEFORE INSERT ON checkpoints BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END`,
  )
  run.goOn('fine')
  await expect(run.result).rejects.toMatchObject({ name: 'AuditError' })
  expect(run.calls).toEqual(['one', 'two'])
  db.exec('DROP TRIGGER full')
  // The same store: its lease was given back.
  const engine = createEngine({ audit: run.audit, pipelines: [run.node] })
  await expect(engine.recover()).resolves.toMatchObject([
    { kind: 'carried-on', result: { status: 'completed', output: 'fine' } },
  ])
  expect(run.calls).toEqual(['one', 'two', 'two', 'three'])
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  await run.audit.close()
})

test('a busy file is waited for; one that stays busy ends the run, which can be carried on', async () => {
  const file = temporaryFile()
  const audit = openSqliteAudit(file, { clock: realClock, busyWaitMsMax: 20 })
  const db = other(file)
  let block = true
  const node = pipeline(
    'p',
    step('one', () => {
      if (block) db.exec('BEGIN IMMEDIATE')
      return 1
    }),
    step('two', (n: number) => n + 1),
  )
  const engine = createEngine({ audit, pipelines: [node] })
  await expect(engine.run(node, undefined, { runId: 'r', durable: true })).rejects.toMatchObject({
    code: 'E_AUDIT_BUSY',
  })
  block = false
  await expect(engine.recover()).resolves.toMatchObject([
    {
      kind: 'failed',
      error: { code: 'E_AUDIT_BUSY', message: expect.stringContaining('Nothing was changed') },
    },
  ])
  db.exec('ROLLBACK')
  await expect(engine.recover()).resolves.toMatchObject([{ kind: 'carried-on', result: { output: 2 } }])
  await audit.close()
})
