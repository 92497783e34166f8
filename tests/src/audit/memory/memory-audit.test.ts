import { expect, test } from 'vitest'
import { memoryAudit } from '../../../../src/audit/memory/memory-audit.ts'
import { runStarted, wholeRun } from '../sample-records.ts'
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

test('beyond its limit of runs, the one that started first is dropped', () => {
  const store = memoryAudit({ runsMax: 2 })
  for (const runId of ['r1', 'r2']) store.append(runStarted(runId))
  expect(store.runs()).toHaveLength(2)
  store.append(runStarted('r3'))
  expect(store.runs().map(({ runId }) => runId)).toEqual(['r3', 'r2'])
})

test('an impossible option is refused with its name', () => {
  expect(() => memoryAudit({ runsMax: 0 })).toThrow(/`runsMax` of memoryAudit/)
  expect(() => memoryAudit({ redact: ['abc'] })).toThrow(/secrets of at least 4 characters/)
  expect(() => memoryAudit({ redact: [''] })).not.toThrow()
  expect(() => memoryAudit({ redacted: ['x'] } as never)).toThrow(/Unknown option `redacted` of memoryAudit/)
})
