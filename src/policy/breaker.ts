/*
 * A circuit breaker, as in Michael Nygard, "Release It!", 2007: a target that keeps failing is left alone for a while, and
 * then one call finds out whether it has recovered.
 *
 * Whoever calls asks for a permit first and says what became of the call. A permit counts only in the state it was given
 * in: a call that is answered after the breaker has opened changes nothing any more.
 */

/** @example const strict: Partial<BreakerOptions> = { failuresMax: 3, coolDownMs: 30_000 } */
export interface BreakerOptions {
  /** So many failures in a row open it. 1 to 1 000; default 5. */
  readonly failuresMax: number
  /** Milliseconds of the world's monotonic clock from its opening until a probe is let through. Default 60 000. */
  readonly coolDownMs: number
}

export const DEFAULT_BREAKER: BreakerOptions = Object.freeze({ failuresMax: 5, coolDownMs: 60_000 })

/** What a breaker is, with what it has to know in that state and no more. */
export type BreakerState =
  | { readonly kind: 'closed'; readonly failures: number }
  | { readonly kind: 'open'; readonly untilMs: number }
  | { readonly kind: 'half-open'; readonly probing: boolean }

/**
 * One change of a breaker's state.
 *
 * @example
 * const words = ({ from, to }: BreakerTransition): string => `${from} → ${to}`
 */
export interface BreakerTransition {
  readonly from: BreakerState['kind']
  readonly to: BreakerState['kind']
  /** The clock's monotonic milliseconds. */
  readonly atMs: number
}

/** What is open, and until when, in monotonic milliseconds; a probe that is under way ends when it ends. */
export interface Refusal {
  readonly kind: 'refused'
  readonly untilMs: number | undefined
}

/** Leave to make one call. Say what became of it, once: what is said later, or again, is not heard. */
export interface Permit {
  readonly kind: 'permit'
  succeeded(): BreakerTransition | undefined
  failed(): BreakerTransition | undefined
  /** Nothing was learned, because the caller ended the call: a probe is free for the next one. */
  released(): void
}

/** A permit with the change that giving it made: the first one after a cool-down half-opens the breaker. */
export type Admission = { readonly permit: Permit; readonly transition: BreakerTransition | undefined }

const CLOSED: BreakerState = Object.freeze({ kind: 'closed', failures: 0 })
const PROBING: BreakerState = Object.freeze({ kind: 'half-open', probing: true })
const PROBE_FREE: BreakerState = Object.freeze({ kind: 'half-open', probing: false })

export class Breaker {
  readonly #options: BreakerOptions
  readonly #nowMs: () => number
  #state: BreakerState = CLOSED
  /** Grows with each change between kinds: a permit of an earlier one counts no more. */
  #era = 0
  readonly #waiting = new Set<() => void>()

  constructor(options: BreakerOptions, nowMs: () => number) {
    this.#options = options
    this.#nowMs = nowMs
  }

  get state(): BreakerState {
    return this.#state
  }

  /** Leave to call, or why there is none. An open breaker whose time has come half-opens, and this call is its probe. */
  admit(): Admission | Refusal {
    const state = this.#state
    switch (state.kind) {
      case 'closed':
        return { permit: this.#permit(), transition: undefined }
      case 'open': {
        if (this.#nowMs() < state.untilMs) return { kind: 'refused', untilMs: state.untilMs }
        const transition = this.#become(PROBING)
        return { permit: this.#permit(), transition }
      }
      case 'half-open':
        if (state.probing) return { kind: 'refused', untilMs: undefined }
        this.#state = PROBING
        return { permit: this.#permit(), transition: undefined }
    }
  }

  /** True when `admit` would refuse a call now. Changes nothing. */
  refuses(): boolean {
    const state = this.#state
    switch (state.kind) {
      case 'closed':
        return false
      case 'open':
        return this.#nowMs() < state.untilMs
      case 'half-open':
        return state.probing
    }
  }

  /** Calls the hook when the breaker opens; the caller has to take it off again. */
  onOpen(hook: () => void): () => void {
    this.#waiting.add(hook)
    return () => void this.#waiting.delete(hook)
  }

  #permit(): Permit {
    const era = this.#era
    let said = false
    const first = (): boolean => {
      const counts = !said && era === this.#era
      said = true
      return counts
    }
    return {
      kind: 'permit',
      succeeded: () => (first() ? this.#succeeded() : undefined),
      failed: () => (first() ? this.#failed() : undefined),
      released: () => {
        if (first() && this.#state.kind === 'half-open') this.#state = PROBE_FREE
      },
    }
  }

  #succeeded(): BreakerTransition | undefined {
    if (this.#state.kind === 'half-open') return this.#become(CLOSED)
    this.#state = CLOSED
    return undefined
  }

  #failed(): BreakerTransition | undefined {
    const state = this.#state
    const failures = state.kind === 'closed' ? state.failures + 1 : this.#options.failuresMax
    if (failures >= this.#options.failuresMax)
      return this.#become({ kind: 'open', untilMs: this.#nowMs() + this.#options.coolDownMs })
    this.#state = { kind: 'closed', failures }
    return undefined
  }

  #become(next: BreakerState): BreakerTransition {
    const from = this.#state.kind
    this.#state = next
    this.#era++
    if (next.kind === 'open') for (const hook of this.#waiting) hook()
    return { from, to: next.kind, atMs: this.#nowMs() }
  }
}
