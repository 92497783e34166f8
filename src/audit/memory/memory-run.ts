import type { AuditError } from '../../base/errors.ts'
import type { Entry } from '../entry.ts'
import type { AuditRecord, Outcome, RunFinishedRecord, RunStartedRecord } from '../records.ts'
import * as refusals from '../refusals.ts'
import type { Conservation } from '../store.ts'

/** One run in memory: its records in order, and the little that the rules need to know at once. */
export class MemoryRun {
  readonly started: RunStartedRecord
  /** An entry's `seq` is its index plus one. */
  readonly entries: Entry[] = []
  /** The index of the run's end so far. */
  finishedAt = -1
  /** Every token with its outcome. */
  readonly #tokens = new Map<string, Outcome | null>()
  #joins: Set<string> | undefined
  #refused: AuditError | undefined

  constructor(started: RunStartedRecord) {
    this.started = started
  }

  get finished(): RunFinishedRecord | undefined {
    const record = this.entries[this.finishedAt]?.record
    return record?.kind === 'run-finished' ? record : undefined
  }

  /** @throws AuditError when the record contradicts an earlier one, and for every record after that */
  add(entry: Entry): void {
    this.#refused ??= this.#check(entry.record)
    if (this.#refused !== undefined) throw this.#refused
    this.entries.push(entry)
  }

  isJoined(joinGroup: string): boolean {
    return this.#joins?.has(joinGroup) === true
  }

  /** It was paused and goes on: it has no end. */
  goOn(): void {
    this.finishedAt = -1
  }

  conservation(): Conservation['open'][number] {
    let outcomes = 0
    for (const outcome of this.#tokens.values()) if (outcome !== null) outcomes++
    return {
      runId: this.started.runId,
      tokens: this.#tokens.size,
      outcomes,
      finished: this.finished !== undefined && this.finished.status !== 'paused',
    }
  }

  #check(record: AuditRecord): AuditError | undefined {
    switch (record.kind) {
      case 'token':
        if (this.#tokens.has(record.tokenId)) return refusals.tokenTwice(record.runId, record.tokenId)
        this.#tokens.set(record.tokenId, null)
        return undefined
      case 'outcome': {
        const first = this.#tokens.get(record.tokenId)
        if (first === undefined) return refusals.unknownToken(record.runId, record.tokenId, record.outcome)
        if (first !== null) return refusals.secondOutcome(record.runId, record.tokenId, first, record.outcome)
        this.#tokens.set(record.tokenId, record.outcome)
        return undefined
      }
      case 'run-finished': {
        const status = this.finished?.status ?? 'paused'
        if (status !== 'paused') return refusals.finishedTwice(record.runId, record.status)
        this.finishedAt = this.entries.length
        return undefined
      }
      case 'join':
        this.#joins ??= new Set()
        if (this.#joins.has(record.joinGroup)) return refusals.joinTwice(record.runId, record.joinGroup)
        this.#joins.add(record.joinGroup)
        return undefined
      case 'run-started':
      case 'attempt-start':
      case 'attempt':
      case 'step':
      case 'event':
        return undefined
    }
  }
}
