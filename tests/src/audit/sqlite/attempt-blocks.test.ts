import { expect, test } from 'vitest'
import { openSqliteAudit } from '../../../../src/audit/sqlite/sqlite-audit.ts'
import { ATTEMPTS_PER_BLOCK } from '../../../../src/audit/sqlite/file/schema.ts'
import type { AuditStore } from '../../../../src/audit/store.ts'
import { openAudit } from '../open-audit.ts'
import { attempt, outcome, runStarted, token } from '../sample-records.ts'

const SOME = ATTEMPTS_PER_BLOCK * 2 + 1

/** The numbers of a run's attempts, as they are read back. */
function numbers(audit: AuditStore, runId: string): readonly number[] | undefined {
  return audit.trail(runId)?.attemptRows.map((row) => row.attempt)
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1)
}

test('a run alone has one entry for each block of its attempts, and reads them back in their order', async () => {
  const { audit, clock, other } = openAudit()
  audit.append(runStarted('r1'))
  audit.append(token('r1'))
  clock.endTurn()
  for (const number of upTo(SOME)) {
    audit.append(attempt('r1', { attempt: number }))
    clock.endTurn()
  }
  expect(numbers(audit, 'r1')).toEqual(upTo(SOME))
  expect(audit.trail('r1')?.attemptRows.map(({ seq }) => seq)).toEqual(upTo(SOME).map((n) => n + 2))
  expect(other.prepare('SELECT nth FROM attempt_blocks ORDER BY nth').pluck().all()).toEqual([1, 2, 3])
})

test('attempts of one commit are side by side, whatever run they are of', () => {
  const { audit, clock, other } = openAudit()
  for (const run of ['r1', 'r2', 'r3']) audit.append(runStarted(run))
  for (const number of upTo(3)) {
    for (const run of ['r1', 'r2', 'r3']) audit.append(attempt(run, { attempt: number }))
    clock.endTurn()
  }
  expect(other.prepare('SELECT run FROM attempts ORDER BY id').pluck().all()).toEqual([
    1, 2, 3, 1, 2, 3, 1, 2, 3,
  ])
  for (const run of ['r1', 'r2', 'r3']) expect(numbers(audit, run)).toEqual([1, 2, 3])
})

test('two stores that write runs of their own in turn keep out of the blocks of each other', async () => {
  const { audit, clock } = openAudit()
  const elsewhere = openSqliteAudit(audit.file, { clock })
  audit.append(runStarted('r1'))
  elsewhere.append(runStarted('r2'))
  for (const number of upTo(SOME)) {
    audit.append(attempt('r1', { attempt: number }))
    elsewhere.append(attempt('r2', { attempt: number }))
    clock.endTurn()
  }
  expect([numbers(audit, 'r1'), numbers(audit, 'r2')]).toEqual([upTo(SOME), upTo(SOME)])
  await elsewhere.close()
})

test('two stores that go on with one run in turn place each attempt after all that went before', async () => {
  const { audit, clock } = openAudit()
  const first = openSqliteAudit(audit.file, { clock })
  first.append(runStarted('r1'))
  clock.endTurn()
  await first.close()
  const stores = [audit, openSqliteAudit(audit.file, { clock })]
  for (const number of upTo(9)) {
    stores[number % 2]?.append(attempt('r1', { attempt: number }))
    clock.endTurn()
  }
  expect(numbers(audit, 'r1')).toEqual(upTo(9))
  await stores[1]?.close()
})

test('a run that is refused takes no attempt of another with it, now or later', async () => {
  const { audit, clock, other } = openAudit()
  audit.append(runStarted('good'))
  audit.append(runStarted('bad'))
  clock.endTurn()
  for (const number of upTo(5)) {
    audit.append(attempt('good', { attempt: number }))
    // Its token is missing.
    if (number === 3) audit.append(outcome('bad'))
    clock.endTurn()
  }
  expect(numbers(audit, 'good')).toEqual(upTo(5))
  expect(other.prepare('SELECT nth FROM attempt_blocks ORDER BY nth').pluck().all()).toEqual([1, 2])
  await expect(audit.close()).rejects.toThrow("token 't1'")
})

test('a store whose run went on elsewhere finds out with its next block at the latest', async () => {
  const { audit, clock } = openAudit()
  audit.append(runStarted('r1'))
  audit.append(attempt('r1'))
  clock.endTurn()
  const elsewhere = openSqliteAudit(audit.file, { clock })
  elsewhere.append(attempt('r1', { attempt: 2 }))
  clock.endTurn()
  await elsewhere.close()
  for (const number of upTo(ATTEMPTS_PER_BLOCK)) audit.append(attempt('r1', { attempt: number + 1 }))
  const committed = audit.committed('r1')
  clock.endTurn()
  await expect(committed).rejects.toThrow("Expected one process to write run 'r1'")
})
