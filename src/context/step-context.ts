import type { Context } from './context.ts'
import type { Clock } from '../world/world.ts'

/**
 * What a step's function is given beside its input: one of these per attempt.
 *
 * @example
 * async function poll(topic: string, { signal, clock, sleep, meter }: StepContext): Promise<string> {
 *   const untilMs = clock.monotonicMs() + 10_000
 *   while (clock.monotonicMs() < untilMs) {
 *     const { text, tokens } = await gpt(topic, { signal })
 *     meter({ tokens })
 *     if (text !== '') return text
 *     await sleep(500)
 *   }
 *   throw new Error('no answer in 10 seconds')
 * }
 */
export interface StepContext {
  readonly runId: string
  /** The step's path in its pipeline. */
  readonly path: string
  readonly step: string
  /** This attempt's number, from 1. */
  readonly attempt: number
  /** Aborts when the attempt's result is no longer wanted: its timeout fired or the run was aborted. */
  readonly signal: AbortSignal
  /** The run's shared state, isolated: writes count only if this attempt succeeds. */
  readonly context: Context
  readonly clock: Clock
  /** A number in [0, 1) from the world's randomness. */
  readonly random: () => number
  /**
   * Adds to what this attempt cost; may be called often. Once the attempt is over it counts nothing, and
   * the audit trail says so (`late`).
   * @throws UsageError for an object with neither, a negative, NaN or infinite number, and for one that makes the run's sum infinite
   */
  readonly meter: (usage: {
    readonly costUsd?: number | undefined
    readonly tokens?: number | undefined
  }) => void
  /**
   * Says that this place was reached: it stands in the audit trail and in `explain`, up to 1 000 times a run, and a
   * scenario may expect it (`marks`).
   */
  readonly mark: (name: string) => void
  /** Waits in the world's time. Rejects with the signal's reason as soon as the attempt's signal aborts. */
  readonly sleep: (ms: number) => Promise<void>
}
