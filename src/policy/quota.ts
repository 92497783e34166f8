import * as z from '../base/zod.ts'
import { parseOptions } from '../base/options.ts'
import type { QuotaLimits } from '../base/quota-exceeded.ts'
import type { Usage } from '../base/result.ts'

/**
 * A pool of money and tokens that attempts spend from. Every run that is given the same pool draws on it, and so do all
 * branches of a run: what one has reserved or spent, no other can have.
 *
 * @example
 * const left = ({ remaining }: Quota): string => `$${remaining.costUsd} and ${remaining.tokens} tokens are left`
 */
export interface Quota {
  /** As they were given; a limit that is left out is no limit. */
  readonly limits: QuotaLimits
  /** What attempts that are over have spent; more than a limit once an attempt has exceeded it. */
  readonly spent: Usage
  /** What attempts that are going on may spend, by their estimates. */
  readonly reserved: Usage
  /** What can still be reserved, never less than 0; `Infinity` where there is no limit. */
  readonly remaining: Usage
}

/**
 * What an attempt is expected to cost: what is left out is 0.
 *
 * @example
 * const estimate: QuotaEstimate = { costUsd: 0.02, tokens: 1_500 }
 */
export interface QuotaEstimate {
  /** US dollars, at least 0. */
  readonly costUsd?: number | undefined
  /** Tokens, at least 0. */
  readonly tokens?: number | undefined
}

/**
 * Sums of dollars are sums of binary fractions: three times 0.05 is a little more than 0.15, and that is allowed. The
 * rounding of a million additions stays below this part of the limit.
 */
const ROUNDING = 1e-9

const FIELDS = ['costUsd', 'tokens'] as const

/** A pool, as the engine uses it. Reserving and settling are synchronous, so nothing comes between. */
export class QuotaPool implements Quota {
  readonly limits: QuotaLimits
  readonly #spent = { costUsd: 0, tokens: 0 }
  readonly #reserved = { costUsd: 0, tokens: 0 }
  /** How many reservations are open. */
  #open = 0

  constructor(limits: QuotaLimits) {
    this.limits = Object.freeze({ ...limits })
    Object.freeze(this)
  }

  /** True for what `createQuota` of this copy made. */
  static isGenuine(value: unknown): value is QuotaPool {
    return typeof value === 'object' && value !== null && #open in value
  }

  get spent(): Usage {
    return { ...this.#spent }
  }

  get reserved(): Usage {
    return { ...this.#reserved }
  }

  get remaining(): Usage {
    return { costUsd: this.#remaining('costUsd'), tokens: this.#remaining('tokens') }
  }

  /** The limits that would be exceeded, if an attempt spent so much; `undefined` when it may. */
  exceededBy(estimate: QuotaEstimate): QuotaLimits | undefined {
    return this.#over((field) => this.#spent[field] + this.#reserved[field] + (estimate[field] ?? 0))
  }

  /**
   * The limits that an attempt is to blame for having exceeded; `undefined` when it is for none. One that spent nothing
   * is not, whatever others have spent.
   * @param isIn its usage is among what was spent already
   */
  exceededWith(usage: Usage, isIn: boolean): QuotaLimits | undefined {
    return this.#over((field) => (usage[field] === 0 ? 0 : this.#spent[field] + (isIn ? 0 : usage[field])))
  }

  /** Takes an estimate out of the pool until `settle` gives it back. */
  hold(estimate: QuotaEstimate): void {
    this.#open++
    for (const field of FIELDS) this.#reserved[field] += estimate[field] ?? 0
  }

  /** Gives a reservation back and takes out what was really spent. */
  settle(estimate: QuotaEstimate, actual: Usage): void {
    this.#open--
    for (const field of FIELDS) {
      // Nothing is reserved by nobody: what rounding leaves goes with the last reservation.
      this.#reserved[field] =
        this.#open === 0 ? 0 : Math.max(0, this.#reserved[field] - (estimate[field] ?? 0))
      this.#spent[field] += actual[field]
    }
  }

  #remaining(field: keyof Usage): number {
    const limit = this.limits[field]
    return limit === undefined ? Infinity : Math.max(0, limit - this.#spent[field] - this.#reserved[field])
  }

  #over(sum: (field: keyof Usage) => number): QuotaLimits | undefined {
    const costUsd = this.#limitBelow('costUsd', sum('costUsd'))
    const tokens = this.#limitBelow('tokens', sum('tokens'))
    if (costUsd === undefined && tokens === undefined) return undefined
    return {
      ...(costUsd === undefined ? {} : { costUsd }),
      ...(tokens === undefined ? {} : { tokens }),
    }
  }

  #limitBelow(field: keyof Usage, amount: number): number | undefined {
    const limit = this.limits[field]
    return limit !== undefined && amount > limit * (1 + ROUNDING) ? limit : undefined
  }
}

const amount = z.number().min(0)

const limitsSchema = z
  .strictObject({ costUsd: amount.optional(), tokens: amount.optional() })
  .refine(
    ({ costUsd, tokens }) => costUsd !== undefined || tokens !== undefined,
    'expected `costUsd`, `tokens` or both',
  )

const estimateSchema = z.strictObject({ costUsd: amount.optional(), tokens: amount.optional() })

/** True for a pool, and for limits as people write them. */
export function isQuota(value: unknown): boolean {
  return QuotaPool.isGenuine(value) || limitsSchema.safeParse(value).success
}

/** True for an estimate as people write it. */
export function isEstimate(value: unknown): value is QuotaEstimate {
  return estimateSchema.safeParse(value).success
}

/**
 * A pool that several runs share: give it to each of them, or to the engine for all of its runs. Reaching a limit
 * exactly is allowed.
 *
 * @throws ConfigurationError for limits that are no numbers of at least 0, and when there is none
 *
 * @example
 * const today = createQuota({ costUsd: 5, tokens: 1_000_000 })
 * await Promise.all(['tides', 'moons'].map((topic) => createEngine().run(article, topic, { quota: today })))
 * console.log(today.spent.costUsd, today.remaining.tokens)
 */
export function createQuota(limits: QuotaLimits): Quota {
  return new QuotaPool(parseOptions<QuotaLimits>(limitsSchema, limits, 'createQuota'))
}
