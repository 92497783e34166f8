import type Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { openSqliteAudit } from '../../../src/audit/sqlite/sqlite-audit.ts'
import { openAudit, runIds } from './open-audit.ts'
import { attempt, late, outcome, runStarted, token, wholeRun } from './sample-records.ts'

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
