import type { Context } from './context.ts'

/**
 * What code is given beside a value that decides and is no step: a choice's selector, a loop's `until` and its mappers.
 * It can read the run's context and change nothing; the next record of the run is a step's, not its own.
 *
 * @example
 * const byLanguage = (_: string, { context }: DecisionContext) => (context.get('language') === 'de' ? 'german' : 'english')
 */
export interface DecisionContext {
  readonly runId: string
  /** The path of the node that decides. */
  readonly path: string
  /** The run's context as it is now, for reading. What `get` returns is a copy. */
  readonly context: Pick<Context, 'get' | 'has' | 'keys'>
}

/**
 * What a loop's `until` and mappers are given.
 *
 * @example
 * const enough = (draft: string, { iteration }: LoopContext): boolean => draft.length > 500 || iteration === 3
 */
export interface LoopContext extends DecisionContext {
  /** Iterations that have completed, the one that has just ended included; 0 before the first. */
  readonly iteration: number
}
