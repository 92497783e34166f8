import { expect, test } from 'vitest'
import type { AuditRecord } from '../../../../src/audit/records.ts'
import type { Pending } from '../../../../src/audit/sqlite/write/group.ts'
import { RunCursors } from '../../../../src/audit/sqlite/write/run-cursors.ts'
import { AuditError } from '../../../../src/base/errors.ts'
import { attempt, late, runFinished, runStarted } from '../sample-records.ts'

function pending(cursors: RunCursors, record: AuditRecord): Pending {
  const cursor = cursors.getOrAdd(record.runId, record.kind === 'run-started')
  cursor.appended++
  return { record, snapshots: [], cursor, number: cursor.appended }
}

test('a run is remembered while it is going on, and forgotten when its end is committed', () => {
  const cursors = new RunCursors()
  cursors.committed([pending(cursors, runStarted('r1')), pending(cursors, attempt('r1'))])
  expect(cursors.get('r1')).toMatchObject({ own: true, appended: 2, committed: 2 })
  cursors.committed([pending(cursors, runFinished('r1'))])
  expect(cursors.get('r1')).toBeUndefined()
})

test('a run whose end is committed is remembered as long as something late still waits', () => {
  const cursors = new RunCursors()
  const end = pending(cursors, runFinished('r1'))
  const tail = pending(cursors, late('r1'))
  cursors.committed([end])
  expect(cursors.get('r1')).toBeDefined()
  cursors.committed([tail])
  expect(cursors.get('r1')).toBeUndefined()
})

test('a run that started elsewhere is forgotten after every commit, because somebody else may write it', () => {
  const cursors = new RunCursors()
  cursors.committed([pending(cursors, late('r1'))])
  expect(cursors.get('r1')).toBeUndefined()
})

test('of refused runs the last ten thousand are remembered', () => {
  const cursors = new RunCursors()
  const refuse = (runId: string): void => {
    cursors.refuse(cursors.getOrAdd(runId, true), new AuditError('E_AUDIT_REFUSED', runId))
  }
  for (let run = 0; run < 10_000; run++) refuse(`r${run}`)
  expect(cursors.get('r0')).toBeDefined()
  refuse('one more')
  expect([cursors.get('r0'), cursors.get('r1')?.runId]).toEqual([undefined, 'r1'])
})
