import type { AuditRecord, AuditStore, Conservation, RunFilter, RunRow, RunTrail } from '../../src/index.ts'

/** An audit store that also keeps the records as they were written, in order, for the oracles. */
export class TappedAudit implements AuditStore {
  readonly records: AuditRecord[] = []
  readonly #store: AuditStore

  constructor(store: AuditStore) {
    this.#store = store
  }

  append(record: AuditRecord): void {
    // Noted first: what the store refuses is just what an oracle wants to see.
    this.records.push(record)
    this.#store.append(record)
  }

  get durable(): AuditStore['durable'] {
    return this.#store.durable
  }

  committed(runId?: string): Promise<void> | undefined {
    return this.#store.committed(runId)
  }

  close(): Promise<void> {
    return this.#store.close()
  }

  runs(filter?: RunFilter): readonly RunRow[] {
    return this.#store.runs(filter)
  }

  trail(runId: string): RunTrail | undefined {
    return this.#store.trail(runId)
  }

  isJoined(runId: string, joinGroup: string): boolean {
    return this.#store.isJoined(runId, joinGroup)
  }

  conservation(): Conservation {
    return this.#store.conservation()
  }

  /** The trails of all runs, oldest first. */
  trails(): readonly RunTrail[] {
    const ids = this.records.flatMap((record) => (record.kind === 'run-started' ? [record.runId] : []))
    return ids.flatMap((id) => this.trail(id) ?? [])
  }
}
