import { QuotaExceededError, type QuotaLimits } from '../base/quota-exceeded.ts'
import type { Usage } from '../base/result.ts'
import { type Quota, type QuotaEstimate, QuotaPool } from './quota.ts'

/** What a run may spend: from every pool it was given, its engine's and its own. */
export class RunQuota {
  readonly #pools: readonly QuotaPool[]
  /** Those that are this run's alone. */
  readonly #own: readonly QuotaPool[]

  private constructor(pools: readonly QuotaPool[], own: readonly QuotaPool[]) {
    this.#pools = pools
    this.#own = own
  }

  /**
   * The quota of a run, from what its engine and its options say; `undefined` when neither says anything. Limits are
   * a pool of its own, a pool is shared by all who have it.
   */
  static of(...given: readonly (Quota | QuotaLimits | undefined)[]): RunQuota | undefined {
    const pools = new Set<QuotaPool>()
    const own: QuotaPool[] = []
    for (const quota of given) {
      if (quota === undefined) continue
      const pool = poolOf(quota)
      pools.add(pool)
      if (pool !== quota) own.push(pool)
    }
    return pools.size === 0 ? undefined : new RunQuota([...pools], own)
  }

  /** The run has spent this in an earlier life. A pool that is shared was told of it then. */
  spentBefore(usage: Usage): void {
    for (const pool of this.#own) pool.settle({}, usage)
  }

  /** What is left of every pool together: the least of each. */
  get remaining(): QuotaLimits {
    const left = this.#pools.map(({ remaining }) => remaining)
    return {
      ...finite('costUsd', Math.min(...left.map(({ costUsd }) => costUsd))),
      ...finite('tokens', Math.min(...left.map(({ tokens }) => tokens))),
    }
  }

  /** Takes an estimate out of every pool, or out of none: then the error says which limits are in the way. */
  reserve(estimate: QuotaEstimate): Reservation | QuotaExceededError {
    const exceeded = merged(this.#pools.map((pool) => pool.exceededBy(estimate)))
    if (exceeded !== undefined) return new QuotaExceededError(exceeded, 'quota_reservation_denied')
    return new Reservation(this.#pools, estimate)
  }
}

/** What one attempt may spend, until it is over. */
export class Reservation {
  readonly #pools: readonly QuotaPool[]
  readonly #estimate: QuotaEstimate

  constructor(pools: readonly QuotaPool[], estimate: QuotaEstimate) {
    this.#pools = pools
    this.#estimate = estimate
    for (const pool of pools) pool.hold(estimate)
  }

  /** True when an attempt may spend so much. */
  covers(usage: Usage): boolean {
    return this.#pools.every((pool) => pool.exceededWith(usage, false) === undefined)
  }

  /**
   * The attempt is over: gives the estimate back and takes out what it really spent.
   * @param cause what the attempt failed with
   * @returns the error that ends the run, when that is more than a limit
   */
  settle(actual: Usage, cause?: unknown): QuotaExceededError | undefined {
    for (const pool of this.#pools) pool.settle(this.#estimate, actual)
    const exceeded = merged(this.#pools.map((pool) => pool.exceededWith(actual, true)))
    if (exceeded === undefined) return undefined
    return new QuotaExceededError(exceeded, 'quota_exceeded', cause === undefined ? {} : { cause })
  }
}

function poolOf(quota: Quota | QuotaLimits): QuotaPool {
  return QuotaPool.isGenuine(quota) ? quota : new QuotaPool(quota as QuotaLimits)
}

/** An amount that is limited. */
function finite(field: keyof Usage, amount: number): QuotaLimits {
  return amount === Infinity ? {} : { [field]: amount }
}

/** Of several pools, the first that says anything of a kind of limit. */
function merged(several: readonly (QuotaLimits | undefined)[]): QuotaLimits | undefined {
  const found = several.filter((limits) => limits !== undefined)
  return found.length === 0 ? undefined : Object.assign({}, ...found.toReversed())
}
