import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import {
  openSqliteAudit,
  type SqliteAudit,
  type SqliteAuditOptions,
} from '../../../src/audit/sqlite-audit.ts'
import { manualClock } from './manual-clock.ts'
import { attempt, late, outcome, runStarted, token, wholeRun } from './sample-records.ts'
import { temporaryFile } from './temporary-file.ts'

function openAudit(options: Partial<SqliteAuditOptions> = {}): {
  readonly audit: SqliteAudit
  readonly clock: ReturnType<typeof manualClock>
  /** Another connection to the same file. */
  readonly other: Database.Database
} {
  const clock = manualClock()
  const audit = openSqliteAudit(temporaryFile(), { clock, ...options })
  const other = new Database(audit.file, { timeout: 0 })
  onTestFinished(async () => {
    other.close()
    await audit.close().catch(() => undefined)
  })
  return { audit, clock, other }
}

/** How often the file was committed to by other connections, so far. */
function commits(db: Database.Database): () => number {
  let version = db.pragma('data_version', { simple: true }) as number
  let count = 0
  return () => {
    const now = db.pragma('data_version', { simple: true }) as number
    if (now !== version) count++
    version = now
    return count
  }
}

const runIds = (db: Database.Database): unknown =>
  db.prepare('SELECT run_id FROM runs ORDER BY run').pluck().all()

test('records of one turn are committed together at its end, and whoever waits is released after that', async () => {
  const { audit, clock, other } = openAudit()
  const committed = commits(other)
  const released: string[] = []
  for (const record of [...wholeRun('r1'), ...wholeRun('r2')]) audit.append(record)
  const waiting = Promise.all([audit.committed(), audit.committed('r1'), audit.committed('r2')])
  void waiting.then(() => released.push('released'))
  await Promise.resolve()
  expect([committed(), runIds(other), released]).toEqual([0, [], []])
  clock.endTurn()
  expect([committed(), runIds(other)]).toEqual([1, ['r1', 'r2']])
  await waiting
  expect(released).toEqual(['released'])
})

test('with nothing to wait for there is no promise', async () => {
  const { audit, clock } = openAudit()
  expect([audit.committed(), audit.committed('r1')]).toEqual([undefined, undefined])
  audit.append(runStarted('r1'))
  expect(audit.committed('r1')).toBeInstanceOf(Promise)
  // Another run has nothing to wait for meanwhile.
  expect(audit.committed('r2')).toBeUndefined()
  clock.endTurn()
  expect([audit.committed(), audit.committed('r1')]).toEqual([undefined, undefined])
})

test('closing commits what is left without waiting for the turn to end', async () => {
  const { audit, other } = openAudit()
  audit.append(runStarted('r1'))
  await audit.close()
  expect(runIds(other)).toEqual(['r1'])
  expect(() => audit.runs()).toThrow('it was closed')
})

test('a refused run takes nobody with it: the rest of its group is committed, and only those who ask hear of it', async () => {
  const { audit, clock } = openAudit()
  for (const record of wholeRun('good').slice(0, 3)) audit.append(record)
  for (const record of [
    runStarted('bad'),
    token('bad'),
    outcome('bad'),
    outcome('bad', { outcome: 'failed' }),
  ])
    audit.append(record)
  audit.append(attempt('good', { attempt: 2 }))
  const [good, bad, all] = [audit.committed('good'), audit.committed('bad'), audit.committed()]
  clock.endTurn()
  await expect(good).resolves.toBeUndefined()
  const words = "token 't1' of run 'bad' to keep its one outcome 'completed', got a second one, 'failed'"
  await expect(bad).rejects.toThrow(words)
  await expect(all).rejects.toThrow(words)
  expect(audit.trail('good')?.attemptRows).toHaveLength(2)
  // All of the run's part of the group, so that no half of it looks like the whole.
  expect(audit.trail('bad')).toBeUndefined()
  await expect(audit.committed('bad')).rejects.toThrow(words)
})

test('two refused runs of one group are both left out', async () => {
  const { audit, clock } = openAudit()
  for (const runId of ['bad-1', 'good', 'bad-2']) {
    for (const record of wholeRun(runId)) audit.append(record)
    if (runId !== 'good') audit.append(token(runId))
  }
  const waiting = ['bad-1', 'good', 'bad-2'].map(async (runId) => audit.committed(runId))
  clock.endTurn()
  const settled = await Promise.allSettled(waiting)
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected'])
  expect(audit.runs().map(({ runId }) => runId)).toEqual(['good'])
})

test('a record that no column can hold is refused like one that breaks a rule', async () => {
  const { audit, clock } = openAudit()
  for (const record of [runStarted('r1'), token('r1'), attempt('r1', { latencyMs: Number.NaN })])
    audit.append(record)
  const committed = audit.committed('r1')
  clock.endTurn()
  await expect(committed).rejects.toThrow(
    "Expected a storable 'attempt' record of run 'r1', got: NOT NULL constraint failed: attempts.latency_ms.",
  )
})

test('a refusal that nobody waited for is told by `close`', async () => {
  const { audit, clock } = openAudit()
  for (const record of [...wholeRun('r1'), outcome('r1')]) audit.append(record)
  clock.endTurn()
  await expect(audit.close()).rejects.toThrow("token 't1' of run 'r1'")
})

test('a refusal that somebody heard of is not told again by `close`', async () => {
  const { audit, clock } = openAudit()
  for (const record of [...wholeRun('r1'), outcome('r1')]) audit.append(record)
  const committed = audit.committed()
  clock.endTurn()
  await expect(committed).rejects.toThrow("token 't1' of run 'r1'")
  await expect(audit.close()).resolves.toBeUndefined()
})

test('a busy file is tried again on the clock, and groups commit in order once it is free', async () => {
  const { audit, clock, other } = openAudit()
  other.exec('BEGIN IMMEDIATE')
  audit.append(runStarted('r1'))
  const first = audit.committed('r1')
  clock.endTurn()
  expect(clock.waits()).toEqual([1])
  for (let tries = 1; tries < 4; tries++) clock.fire()
  expect(clock.waits()).toEqual([8])
  // Meanwhile the next group gathers behind it.
  audit.append(runStarted('r2'))
  const second = audit.committed('r2')
  clock.endTurn()
  expect(clock.waits()).toEqual([8])
  other.exec('COMMIT')
  clock.fire()
  await Promise.all([first, second])
  expect(clock.waits()).toEqual([])
  expect(runIds(other)).toEqual(['r1', 'r2'])
})

test('a single record waits for a busy file too', async () => {
  const { audit, clock, other } = openAudit()
  audit.append(runStarted('r1'))
  clock.endTurn()
  other.exec('BEGIN IMMEDIATE')
  audit.append(token('r1'))
  const committed = audit.committed('r1')
  clock.endTurn()
  expect(audit.trail('r1')?.tokenRows).toEqual([])
  other.exec('COMMIT')
  clock.fire()
  await committed
  expect(audit.trail('r1')?.tokenRows).toHaveLength(1)
})

test('a file that stays busy is given up after five seconds; its runs accept no more, later ones do', async () => {
  const { audit, clock, other } = openAudit()
  other.exec('BEGIN IMMEDIATE')
  audit.append(runStarted('r1'))
  const lost = audit.committed('r1')
  clock.endTurn()
  let waitedMs = 0
  while (clock.waits().length > 0) {
    const [waitMs = 0] = clock.waits()
    expect(waitMs).toBeLessThanOrEqual(50)
    waitedMs += waitMs
    clock.fire()
  }
  expect(waitedMs).toBeGreaterThan(4_900)
  expect(waitedMs).toBeLessThanOrEqual(5_000)
  await expect(lost).rejects.toMatchObject({
    code: 'E_AUDIT_BUSY',
    message: expect.stringContaining(`${audit.file} to be free within ${waitedMs} ms`),
  })
  expect(() => audit.append(token('r1'))).toThrow('lost records')
  other.exec('COMMIT')
  audit.append(runStarted('r2'))
  const stored = audit.committed('r2')
  clock.endTurn()
  await stored
  expect(runIds(other)).toEqual(['r2'])
})

test('a run that lost a record stores none of the later ones, not even those that already wait', async () => {
  const { audit, clock, other } = openAudit({ busyWaitMsMax: 1 })
  audit.append(runStarted('r1'))
  clock.endTurn()
  other.exec('BEGIN IMMEDIATE')
  audit.append(token('r1'))
  const lost = audit.committed('r1')
  clock.endTurn()
  for (const record of [outcome('r1', { tokenId: 't1' }), runStarted('r2')]) audit.append(record)
  const [behind, unharmed] = [audit.committed('r1'), audit.committed('r2')]
  expect(clock.waits()).toEqual([1])
  // The second try is one too many; what gathered behind it goes next, while the file is still busy.
  clock.fire()
  await expect(lost).rejects.toThrow('lost records')
  other.exec('COMMIT')
  clock.fire()
  await expect(behind).rejects.toThrow('lost records')
  await expect(unharmed).resolves.toBeUndefined()
  expect(audit.trail('r1')).toMatchObject({ tokenRows: [], outcomeRows: [] })
})

test('closing waits for a busy file', async () => {
  const { audit, clock, other } = openAudit()
  other.exec('BEGIN IMMEDIATE')
  audit.append(runStarted('r1'))
  const closed = audit.close()
  expect(clock.waits()).toEqual([1])
  other.exec('COMMIT')
  clock.fire()
  await closed
  expect(runIds(other)).toEqual(['r1'])
})

test('reads go on while another connection writes, and see what is committed', () => {
  const { audit, clock, other } = openAudit()
  for (const record of wholeRun('r1')) audit.append(record)
  clock.endTurn()
  other.exec("BEGIN IMMEDIATE; UPDATE runs SET status = 'failed'")
  expect(audit.runs()).toMatchObject([{ runId: 'r1', status: 'completed' }])
  other.exec('COMMIT')
  expect(audit.runs()).toMatchObject([{ runId: 'r1', status: 'failed' }])
})

test('records of a run that another process has gone on with are placed after its own', async () => {
  const { audit, clock } = openAudit()
  for (const record of wholeRun('r1')) audit.append(record)
  clock.endTurn()
  const elsewhere = openSqliteAudit(audit.file, { clock })
  elsewhere.append(late('r1'))
  clock.endTurn()
  audit.append(late('r1'))
  clock.endTurn()
  elsewhere.append(late('r1'))
  clock.endTurn()
  await elsewhere.close()
  expect(audit.trail('r1')?.eventRows.map(({ seq }) => seq)).toEqual([8, 9, 10])
})

test('two stores that write one live run are found out', async () => {
  const { audit, clock } = openAudit()
  audit.append(runStarted('r1'))
  audit.append(token('r1'))
  clock.endTurn()
  const elsewhere = openSqliteAudit(audit.file, { clock })
  elsewhere.append(attempt('r1'))
  clock.endTurn()
  await elsewhere.close()
  audit.append(attempt('r1'))
  const committed = audit.committed('r1')
  clock.endTurn()
  await expect(committed).rejects.toThrow("Expected one process to write run 'r1'")
})
