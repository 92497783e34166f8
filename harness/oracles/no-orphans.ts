import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

/** Most calls that one message lists. */
const LISTED_MAX = 5

/**
 * 10: a function starts no call once it has settled. Its caller has the answer and hears nothing of what such a call does
 * or costs. Work that goes on by design says so with `background: true`.
 */
export const noOrphans: Oracle = {
  number: 10,
  name: 'no-orphans',
  judges: 'function',
  check({ scenario, calls, callsBeforeEnd, virtualMs }) {
    if (callsBeforeEnd === undefined || calls.length === callsBeforeEnd) return []
    if (scenario.spec.background === true) return []
    const late = calls.slice(callsBeforeEnd)
    const listed = late
      .slice(0, LISTED_MAX)
      .map(({ point, nth, atMs }) => `${point} (call ${nth}, at ${atMs} ms)`)
    const more = late.length > LISTED_MAX ? ` and ${late.length - LISTED_MAX} more` : ''
    return [
      violation(
        noOrphans,
        `Expected no call after the subject had settled at ${virtualMs} ms, got ${listed.join(', ')}${more}. Stop what lost the race, or await it; say \`background: true\` if it is meant to go on.`,
        { expected: 0, actual: late.length },
      ),
    ]
  },
}
