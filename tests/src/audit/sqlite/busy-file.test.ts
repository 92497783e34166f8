import { expect, test } from 'vitest'
import { openAudit, runIds } from '../open-audit.ts'
import { attempt, outcome, runStarted, token, wholeRun } from '../sample-records.ts'

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
  for (const record of [attempt('r1'), runStarted('r2')]) audit.append(record)
  const [behind, unharmed] = [audit.committed('r1'), audit.committed('r2')]
  clock.endTurn()
  expect(clock.waits()).toEqual([1])
  // The second try is one too many; what gathered behind it goes next, while the file is still busy.
  clock.fire()
  await expect(lost).rejects.toThrow('lost records')
  other.exec('COMMIT')
  clock.fire()
  await expect(behind).rejects.toThrow('lost records')
  await expect(unharmed).resolves.toBeUndefined()
  expect(audit.trail('r1')).toMatchObject({ tokenRows: [], attemptRows: [] })
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

test('a file that can no longer be written loses the group, says why, and is tried again for the next', async () => {
  const { audit, clock, other } = openAudit()
  for (const record of [runStarted('r1'), runStarted('r2'), token('r2')]) audit.append(record)
  clock.endTurn()
  other.exec('ALTER TABLE attempts RENAME TO elsewhere')
  for (const record of [attempt('r1'), attempt('r1', { attempt: 2 }), outcome('r2')]) audit.append(record)
  const lost = Promise.allSettled([audit.committed('r1'), audit.committed('r2')])
  clock.endTurn()
  for (const settled of await lost)
    expect(settled).toMatchObject({
      reason: {
        code: 'E_AUDIT_WRITE',
        message: expect.stringContaining(`Expected to write the audit file ${audit.file}, got: `),
      },
    })
  for (const runId of ['r1', 'r2']) expect(() => audit.append(outcome(runId))).toThrow('lost records')
  for (const record of [runStarted('r3'), token('r3')]) audit.append(record)
  const stored = audit.committed('r3')
  clock.endTurn()
  await stored
  expect(runIds(other)).toEqual(['r1', 'r2', 'r3'])
})

test('no more than a million records wait; the run that had one more accepts none', () => {
  const { audit, clock, other } = openAudit()
  audit.append(runStarted('r1'))
  audit.append(runStarted('r2'))
  const record = token('r1')
  for (let waiting = 2; waiting < 1_000_000; waiting++) audit.append(record)
  expect(() => audit.append(record)).toThrow('at most 1000000 records to wait')
  expect(() => audit.append(outcome('r1'))).toThrow('at most 1000000 records to wait')
  clock.endTurn()
  expect(runIds(other)).toEqual(['r2'])
})
