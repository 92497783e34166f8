import { ControlSignal } from '../base/control.ts'

/**
 * A join was told what cannot be true: a branch arrived twice, or arrived and was lost; a branch or a join is unknown.
 * That is a mistake in what was built, no failure of the work: it is not retried, starts no fallback and ends the run.
 *
 * @example
 * const isDefect = (thrown: unknown): boolean => thrown instanceof JoinInvariantError
 */
export class JoinInvariantError extends ControlSignal {
  override readonly name = 'JoinInvariantError'

  constructor(message: string, options: { hint?: string } = {}) {
    super('configuration', 'E_JOIN_INVARIANT', message, options)
  }
}
