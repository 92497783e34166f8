import { addUsage, NO_USAGE, type SerializedError, type Status } from '../base/result.ts'
import { policyName } from '../join/join-policy.ts'
import type { Resolution } from '../join/resolution.ts'
import { stepAttemptsOf } from '../run/results.ts'
import type { Run } from '../run/run.ts'
import type { ItemResult, JoinTotals, RunAllResult } from './run-all-result.ts'

/** Reasons that a text gives; the others are counted. */
const REASONS_MAX = 5
/** Different reasons counted for one join; reasons name branches, of which there are a handful. */
const JOIN_REASONS_MAX = 100

/** What has become of items so far: sums, and the first results. */
export class Tally {
  readonly #keepMax: number
  readonly #kept: ItemResult[] = []
  readonly #counts: Record<Status, number> = { completed: 0, failed: 0, cancelled: 0, skipped: 0, paused: 0 }
  readonly #reasons: string[] = []
  readonly #joins = new Map<
    string,
    JoinTotals & { merged: number; failed: number; reasons: Record<string, number> }
  >()
  #items = 0
  #attempts = 0
  #usage = NO_USAGE

  /** @param keepMax how many results are kept, the first that ended */
  constructor(keepMax: number) {
    this.#keepMax = keepMax
  }

  add(ended: ItemResult): void {
    const { item, result } = ended
    this.#items++
    this.#counts[result.status]++
    this.#attempts += stepAttemptsOf(result)
    this.#usage = addUsage(this.#usage, result.usage)
    if (result.status === 'failed' && this.#reasons.length < REASONS_MAX)
      this.#reasons.push(`'${item}': ${result.feedback}`)
    if (this.#kept.length < this.#keepMax) this.#kept.push(ended)
  }

  joined({ join, status, reason }: Resolution): void {
    const { name: path, policy } = join
    let totals = this.#joins.get(path)
    if (totals === undefined) {
      totals = { path, policy: policyName(policy), merged: 0, failed: 0, reasons: {} }
      this.#joins.set(path, totals)
    }
    totals[status]++
    if (reason === null) return
    const known = Object.keys(totals.reasons)
    if (known.length < JOIN_REASONS_MAX || known.includes(reason))
      totals.reasons[reason] = (totals.reasons[reason] ?? 0) + 1
  }

  get items(): number {
    return this.#items
  }

  /** @param ended what ended the run before its source did, and what that makes of it */
  result(run: Run, ended: EndedEarly | undefined): RunAllResult {
    const { completed, failed, cancelled, skipped, paused } = this.#counts
    const status =
      ended?.status ??
      (failed > 0 ? 'failed' : cancelled > 0 ? 'cancelled' : paused > 0 ? 'paused' : 'completed')
    return {
      runId: run.id,
      status,
      success: status === 'completed',
      feedback: ended?.feedback ?? this.#feedback(),
      error: ended?.error ?? null,
      items: this.#kept.toSorted((a, b) => a.index - b.index),
      totals: {
        items: this.#items,
        completed,
        failed,
        cancelled,
        coalesced: skipped,
        steps: run.steps,
        attempts: this.#attempts,
        latencyMs: run.elapsedMs(),
        usage: this.#usage,
      },
      joins: [...this.#joins.values()],
    }
  }

  #feedback(): string | null {
    const { failed } = this.#counts
    if (failed === 0) return null
    const more = failed - this.#reasons.length
    return `${failed} of ${this.#items} items failed: ${this.#reasons.join('; ')}${more > 0 ? `; and ${more} more` : ''}`
  }
}

/** Why a run ended although its source did not. */
export interface EndedEarly {
  readonly status: RunAllResult['status']
  readonly feedback: string
  readonly error: SerializedError
}
