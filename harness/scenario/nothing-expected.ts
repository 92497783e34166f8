import type { Mismatch } from './describe-issue.ts'
import type { Expectation } from './expectation.ts'

/** An output that is said to be `undefined` reads as if it were compared; a key that is left out never is. */
const UNDEFINED_OUTPUT: Mismatch = {
  path: ['expect', 'output'],
  message: (place) =>
    `Expected \`expect.output\` in ${place} to be plain JSON data, got undefined. Leave the key out where any output will do.`,
}

/** What an expectation in code says without expecting anything. */
export function nothingExpected(expectation: Expectation): readonly Mismatch[] {
  return Object.hasOwn(expectation, 'output') && expectation.output === undefined ? [UNDEFINED_OUTPUT] : []
}
