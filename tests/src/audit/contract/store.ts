import { expect } from 'vitest'
import type { PayloadOptions } from '../../../../src/audit/payload.ts'
import type { AuditRecord } from '../../../../src/audit/records.ts'
import type { AuditStore, RunTrail } from '../../../../src/audit/store.ts'
import { AuditError } from '../../../../src/base/errors.ts'

/** Opens an empty store that is closed after the test. */
export type Open = (options?: PayloadOptions) => AuditStore

export async function record(store: AuditStore, records: readonly AuditRecord[]): Promise<void> {
  for (const each of records) store.append(each)
  await store.committed()
}

/** The refusal of a record, whether `append` throws it or `committed` rejects with it. */
export async function refusal(store: AuditStore, records: readonly AuditRecord[]): Promise<AuditError> {
  try {
    await record(store, records)
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(AuditError)
    return thrown as AuditError
  }
  throw new Error('expected the store to refuse this, it accepted it')
}

export async function trailOf(store: AuditStore, records: readonly AuditRecord[]): Promise<RunTrail> {
  await record(store, records)
  return store.trail(records[0]!.runId)!
}
