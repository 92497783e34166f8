import { listCalls } from './list-calls.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

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
    return [
      violation(
        noOrphans,
        `Expected no call after the subject had settled at ${virtualMs} ms, got ${listCalls(late)}. Stop what lost the race, or await it; say \`background: true\` if it is meant to go on.`,
        { expected: 0, actual: late.length },
      ),
    ]
  },
}
