import { ControlSignal } from './control.ts'

/**
 * What may be spent. A limit that is left out is no limit.
 *
 * @example
 * const limits: QuotaLimits = { costUsd: 0.15, tokens: 20_000 }
 */
export interface QuotaLimits {
  /** US dollars, at least 0. */
  readonly costUsd?: number | undefined
  /** Tokens, at least 0. */
  readonly tokens?: number | undefined
}

/**
 * A run has spent more than its quota, or its next attempt could have: it ends there. It is never retried and never
 * starts a fallback. `engine.run` rejects with it; its `result` is what the run came to, with everything that was spent.
 *
 * @example
 * try {
 *   await createEngine().run(article, 'tides', { quota: { costUsd: 0.15 } })
 * } catch (error) {
 *   if (error instanceof QuotaExceededError) console.error(error.message, error.result?.totals.usage)
 * }
 */
export class QuotaExceededError extends ControlSignal {
  override readonly name = 'QuotaExceededError'
  /**
   * `quota_exceeded`: more than the limit was spent. `quota_reservation_denied`: an attempt was not made, because its
   * estimate is more than what is left.
   */
  readonly reason: 'quota_exceeded' | 'quota_reservation_denied'
  /** The limits that were exceeded. */
  readonly limits: QuotaLimits

  /** @param limits those that were exceeded, at least one of the two */
  constructor(
    limits: QuotaLimits,
    reason: QuotaExceededError['reason'] = 'quota_exceeded',
    options: { cause?: unknown } = {},
  ) {
    super('quota', 'E_QUOTA', sentence(limits), options)
    this.reason = reason
    this.limits = Object.freeze({ ...limits })
  }
}

function sentence({ costUsd, tokens }: QuotaLimits): string {
  const cost = costUsd === undefined ? [] : [`Cost limit of $${amount(costUsd)} exceeded`]
  const token = tokens === undefined ? [] : [`Token limit of ${amount(tokens)} exceeded`]
  return [...cost, ...token].join('; ')
}

/** The most digits `toFixed` has a use for: a price per token has about eight. */
const DIGITS_MAX = 12

/** A number without exponent and without trailing zeros. */
function amount(value: number): string {
  return value.toFixed(DIGITS_MAX).replace(/\.?0+$/, '')
}
