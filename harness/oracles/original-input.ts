import { isDeepStrictEqual } from 'node:util'
import type { ObservedCall, StepVisit } from '../scenario/observation.ts'
import type { Problem } from '../scenario/verdict.ts'
import { fallbacksIn, firstStep } from './plan-walk.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

/** 5: retries and fallbacks get the original input, whatever the attempts before them did to theirs. */
export const originalInput: Oracle = {
  number: 5,
  name: 'original-input',
  judges: 'engine',
  check({ plan, visits }) {
    const problems: Problem[] = []
    const compare = (original: ObservedCall, later: ObservedCall, who: string): void => {
      if (original.input === later.input || isDeepStrictEqual(original.input, later.input)) return
      problems.push(differs(original, later, who))
    }
    for (const { calls } of visits) {
      const [first] = calls
      for (let at = 1; at < calls.length; at++) {
        const call = calls[at]
        if (first !== undefined && call !== undefined) compare(first, call, `attempt ${at + 1} of`)
      }
    }
    for (const { primary, fallbackTo } of fallbacksIn(plan)) {
      const before = firstStep(primary)?.path
      const after = firstStep(fallbackTo)?.path
      for (const visit of visits) {
        const call = visit.path === after ? visit.calls[0] : undefined
        if (call === undefined) continue
        const first = visits.find((each) => each.path === before && isSameWay(each, visit))?.calls[0]
        if (first !== undefined) compare(first, call, 'fallback')
      }
    }
    return problems
  },
}

/** The same token on the same round of a loop. */
function isSameWay(a: StepVisit, b: StepVisit): boolean {
  return a.tokenId === b.tokenId && a.visit === b.visit
}

function differs(original: ObservedCall, later: ObservedCall, who: string): Problem {
  return violation(
    originalInput,
    `Expected ${who} ${later.path} to get the original input of ${original.path}, got something else.`,
    { expected: original.input, actual: later.input },
  )
}
