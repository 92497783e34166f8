import { expect, test } from 'vitest'
import { memoryAudit } from '../../../../src/audit/memory/memory-audit.ts'
import type { AuditStore } from '../../../../src/audit/store.ts'
import { outcome, runFinished, runStarted, wholeRun } from '../sample-records.ts'
import { storeContract } from '../store-contract.ts'

storeContract((options) => memoryAudit(options))

test('nothing ever has to be waited for', () => {
  const store = memoryAudit()
  for (const record of wholeRun('r1')) {
    store.append(record)
    expect(store.committed()).toBeUndefined()
  }
})

test('a closed store can still be read', async () => {
  const store = memoryAudit()
  for (const record of wholeRun('r1')) store.append(record)
  await store.close()
  expect(store.trail('r1')?.status).toBe('completed')
})

const ids = (store: AuditStore): string =>
  store
    .runs()
    .map(({ runId }) => runId)
    .join(' ')

test('beyond its limit of runs, the one that ended first is dropped', () => {
  const store = memoryAudit({ runsMax: 2 })
  for (const runId of ['r1', 'r2']) for (const record of wholeRun(runId)) store.append(record)
  expect(ids(store)).toBe('r2 r1')
  store.append(runStarted('r3'))
  expect(ids(store)).toBe('r3 r2')
})

test('a run that has not ended is never dropped, however many start after it', () => {
  const store = memoryAudit({ runsMax: 2 })
  const [start, ...rest] = wholeRun('slow')
  store.append(start!)
  store.append(runStarted('paused'))
  store.append(runFinished('paused', { status: 'paused' }))
  for (const runId of ['r1', 'r2', 'r3']) for (const record of wholeRun(runId)) store.append(record)
  expect(ids(store)).toBe('r3 paused slow')
  for (const record of rest) store.append(record)
  expect(store.trail('slow')?.status).toBe('completed')
  store.append(runStarted('r4'))
  expect(ids(store)).toBe('r4 paused')
})

test('a refused run can be dropped like one that has ended', () => {
  const store = memoryAudit({ runsMax: 1 })
  store.append(runStarted('bad'))
  expect(() => store.append(outcome('bad'))).toThrow('no such token')
  store.append(runStarted('r1'))
  expect(ids(store)).toBe('r1')
})

test('an impossible option is refused with its name', () => {
  expect(() => memoryAudit({ runsMax: 0 })).toThrow(/`runsMax` of memoryAudit/)
  expect(() => memoryAudit({ redact: ['abc'] })).toThrow(/secrets of at least 4 characters/)
  expect(() => memoryAudit({ redact: [''] })).not.toThrow()
  expect(() => memoryAudit({ redacted: ['x'] } as never)).toThrow(/Unknown option `redacted` of memoryAudit/)
})
