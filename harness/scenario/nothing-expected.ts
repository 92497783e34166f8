import type { Mismatch } from './describe-issue.ts'
import type { Expectation } from './expectation.ts'

/** An output that is said to be `undefined` reads as if it were compared; a key that is left out never is. */
function undefinedOutput(key: 'output' | 'outputMatches'): Mismatch {
  return {
    path: ['expect', key],
    message: (place) =>
      `Expected \`expect.${key}\` in ${place} to be plain JSON data, got undefined. Leave the key out where any output will do.`,
  }
}

/** What an expectation in code says without expecting anything. */
export function nothingExpected(expectation: Expectation): readonly Mismatch[] {
  return (['output', 'outputMatches'] as const).flatMap((key) =>
    Object.hasOwn(expectation, key) && expectation[key] === undefined ? [undefinedOutput(key)] : [],
  )
}
