import type { AuditRecord } from '../audit/records.ts'
import type { AuditStore } from '../audit/store.ts'
import { addUsage, NO_USAGE, type Usage } from '../base/result.ts'
import type { World } from '../world/world.ts'

/** What all tokens of one run share: its world and its audit trail. */
export class Run {
  readonly id: string
  readonly world: World
  readonly startedMs: number
  readonly #store: AuditStore | undefined
  /** What all attempts so far cost; also what is left of a run that a control signal ended. */
  readonly spent: { attempts: number; usage: Usage } = { attempts: 0, usage: NO_USAGE }
  #tokens = 0

  constructor(id: string, world: World, store: AuditStore | undefined) {
    this.id = id
    this.world = world
    this.startedMs = world.clock.monotonicMs()
    this.#store = store
  }

  /** True when there is an audit trail; without one no record need be made. */
  get recorded(): boolean {
    return this.#store !== undefined
  }

  /** Milliseconds since the run started. */
  elapsedMs(): number {
    return this.world.clock.monotonicMs() - this.startedMs
  }

  /** Counts one attempt that ran, and what it cost. */
  spend(usage: Usage): void {
    this.spent.attempts++
    this.spent.usage = addUsage(this.spent.usage, usage)
  }

  /** An id for a new token: `t1` for the root, then `t2` and so on in the order of their creation. */
  newTokenId(): string {
    this.#tokens++
    return `t${this.#tokens}`
  }

  /** @throws AuditError when the store refuses the record, or an earlier one of this run */
  append(record: AuditRecord): void {
    this.#store?.append(record)
  }

  /** Resolves once everything appended so far is committed; `undefined` when it already is. */
  committed(): Promise<void> | undefined {
    return this.#store?.committed(this.id)
  }
}
