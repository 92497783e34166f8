import type { Problem } from '../scenario/verdict.ts'
import { violation } from './oracle.ts'

interface SameDigest {
  readonly number: number
  readonly name: string
  /** Compares the digests of two executions with one seed. */
  check(first: string, second: string): readonly Problem[]
}

/**
 * 19: the same seed gives the same trace. Judges two executions of one scenario, so it is apart from the oracles that
 * judge one.
 */
export const sameDigest: SameDigest = {
  number: 19,
  name: 'same-digest',
  check(first: string, second: string): readonly Problem[] {
    if (first === second) return []
    return [
      violation(
        sameDigest,
        'Expected a second execution with the same seed to leave the same trace, it did not: the subject keeps state between runs, or reads time or randomness that is not the world’s. Where that is meant, say `repeatable: false`.',
        { expected: first, actual: second },
      ),
    ]
  },
}
