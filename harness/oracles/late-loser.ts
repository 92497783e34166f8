import { isDeepStrictEqual } from 'node:util'
import { isPlainJson } from '../../src/base/plain-json.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

// Taken when this module is loaded, before any subject is.
const { getOwnPropertyDescriptors, values } = Object
const isSame = isDeepStrictEqual

/** Lists and objects inside each other; deeper data is not judged. */
const DEPTH_MAX = 32

/**
 * 14: a late loser changes nothing. Plain data that a function or a pipeline has given back stays as it was, whatever ran
 * on when it settled, such as a branch that its join has left behind: its caller may have used it already. What has a
 * getter tells of a state, and may.
 */
export const lateLoser: Oracle = {
  number: 14,
  name: 'late-loser',
  judges: 'any',
  check({ scenario, output, outputAtEnd, virtualMs }) {
    if (typeof output !== 'object' || scenario.spec.background === true) return []
    if (isSame(output, outputAtEnd) || !isPlainJson(outputAtEnd, { depthMax: DEPTH_MAX })) return []
    if (hasGetter(output, DEPTH_MAX)) return []
    return [
      violation(
        lateLoser,
        `Expected the output to stay as it was when the subject settled at ${virtualMs} ms; what ran on has changed it. Give back a copy, or stop what lost the race.`,
        { expected: outputAtEnd, actual: output },
      ),
    ]
  },
}

function hasGetter(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || depth === 0) return false
  return values(getOwnPropertyDescriptors(value)).some(
    (property) => property.get !== undefined || hasGetter(property.value, depth - 1),
  )
}
