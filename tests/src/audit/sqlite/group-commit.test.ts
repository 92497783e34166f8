import type Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { openSqliteAudit } from '../../../../src/audit/sqlite/sqlite-audit.ts'
import { createEngine, openSqliteAuditReader, pipeline, step } from 'shakedown'
import { temporaryFile } from '../temporary-file.ts'
import { openAudit, runIds } from '../open-audit.ts'
import { attempt, late, outcome, runStarted, token, wholeRun } from '../sample-records.ts'

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

test('thousands of records of one turn are committed a thousand at a time, with a turn between, no run in two', async () => {
  const { audit, clock, other } = openAudit()
  // Runs of seven records: a thousand of them are no round number of runs.
  const runs = Array.from({ length: 400 }, (_, index) => `r${index}`)
  for (const runId of runs) for (const record of wholeRun(runId)) audit.append(record)
  const released: string[] = []
  for (const runId of ['r0', 'r142', 'r143', 'r399'])
    void audit.committed(runId)?.then(() => released.push(runId))
  const all = audit.committed()
  const seen: unknown[] = []
  for (let turn = 1; turn <= 4; turn++) {
    clock.endTurn()
    // The clock's turns are not those of the process: here all who wait are told.
    await new Promise((resolve) => setImmediate(resolve))
    seen.push([(runIds(other) as unknown[]).length, released.join(' ')])
  }
  expect(seen).toEqual([
    [143, 'r0 r142'],
    [286, 'r0 r142 r143'],
    [400, 'r0 r142 r143 r399'],
    [400, 'r0 r142 r143 r399'],
  ])
  await all
  expect(audit.trail('r142')).toMatchObject({ status: 'completed', finishedSeq: 7 })
})

test('what one run appends in a turn is one transaction, however much it is', () => {
  const { audit, clock, other } = openAudit()
  audit.append(runStarted('big'))
  audit.append(runStarted('small'))
  for (let number = 1; number <= 2_500; number++) audit.append(attempt('big', { attempt: number }))
  audit.append(token('small'))
  audit.append(runStarted('next'))
  clock.endTurn()
  expect(runIds(other)).toEqual(['big', 'small'])
  expect(audit.trail('big')?.attemptRows).toHaveLength(2_500)
  expect(audit.trail('small')?.tokenRows).toHaveLength(1)
  clock.endTurn()
  expect(runIds(other)).toEqual(['big', 'small', 'next'])
})

test('records of a run that is waiting for its commit are committed after what it appended before', async () => {
  const { audit, clock } = openAudit()
  for (let run = 0; run < 1_000; run++) audit.append(runStarted(`r${run}`))
  audit.append(runStarted('last'))
  clock.endTurn()
  audit.append(token('last'))
  const committed = audit.committed('last')
  clock.endTurn()
  clock.endTurn()
  await committed
  expect(audit.trail('last')?.tokenRows).toMatchObject([{ seq: 2 }])
})

test('closing commits thousands of records at once, also while they are being committed', async () => {
  const { audit, clock, other } = openAudit()
  for (let run = 0; run < 3_500; run++) audit.append(runStarted(`r${run}`))
  clock.endTurn()
  expect(runIds(other)).toHaveLength(1_000)
  const closed = audit.close()
  expect(runIds(other)).toHaveLength(3_500)
  clock.endTurn()
  await closed
})

test('of two engines on one file, the second run with one id is refused alone', async () => {
  const file = temporaryFile()
  const [one, two] = [createEngine({ audit: file }), createEngine({ audit: file })]
  const gate = Promise.withResolvers<number>()
  const node = pipeline(
    'slow',
    step('wait', () => gate.promise),
    step('add', async (n: number) => n + 1),
  )
  const first = one.run(node, 0, { runId: 'r1' })
  await expect(two.run(node, 0, { runId: 'r1' })).rejects.toThrow("got a second run 'r1'")
  gate.resolve(1)
  await expect(first).resolves.toMatchObject({ success: true, output: 2 })
  // The refused engine is of use: for other ids at once, and for reading what the first one recorded.
  await expect(two.run(node, 0, { runId: 'r2' })).resolves.toMatchObject({ success: true })
  await Promise.all([one.close(), two.close()])
  const reader = openSqliteAuditReader(file)
  expect(reader.runs().map(({ runId, status }) => `${runId} ${status}`)).toEqual([
    'r2 completed',
    'r1 completed',
  ])
  expect(reader.conservation()).toMatchObject({ tokens: 2, outcomes: 2, ok: true })
  reader.close()
})
