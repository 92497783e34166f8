import { isDeepStrictEqual } from 'node:util'
import type { ObservedCall } from '../scenario/observation.ts'
import type { Problem } from '../scenario/verdict.ts'
import { eachFallbackMoment, wasCalled } from './fallback-moments.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

/** 5: retries and fallbacks get the original input, whatever the attempts before them did to theirs. */
export const originalInput: Oracle = {
  number: 5,
  name: 'original-input',
  judges: 'engine',
  check(observation) {
    const problems: Problem[] = []
    const compare = (original: ObservedCall, later: ObservedCall, who: string): void => {
      if (isDeepStrictEqual(original.input, later.input)) return
      problems.push(differs(original, later, who))
    }
    for (const { calls } of observation.visits) {
      const [first] = calls
      for (let at = 1; at < calls.length; at++) {
        const call = calls[at]
        if (first !== undefined && call !== undefined) compare(first, call, `attempt ${at + 1} of`)
      }
    }
    // Where no fallback was called there is nothing to compare with a primary's input.
    if (!wasCalled(observation, 'first-of-fallback')) return problems
    eachFallbackMoment<Note>(observation, ({ part, moment, notes }) => {
      const { tokenId } = moment
      if (moment.kind === 'ended') {
        if (part === 'whole') notes.note(tokenId, null)
        return
      }
      const [call] = moment.visit.calls
      if (call === undefined || (part !== 'first-of-primary' && part !== 'first-of-fallback')) return
      const first = notes.latest(tokenId) ?? null
      // A loop may go round in either; only its first round has the input of the whole.
      if (part === 'first-of-primary') notes.note(tokenId, first ?? call)
      else if (first !== null) {
        compare(first, call, 'fallback')
        notes.note(tokenId, null)
      }
    })
    return problems
  },
}

/** The first call of the primary since the fallback node started; `null` when there is none to compare with. */
type Note = ObservedCall | null

function differs(original: ObservedCall, later: ObservedCall, who: string): Problem {
  return violation(
    originalInput,
    `Expected ${who} ${later.path} to get the original input of ${original.path}, got something else.`,
    { expected: original.input, actual: later.input },
  )
}
