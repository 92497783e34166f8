import { isDeepStrictEqual } from 'node:util'
import type { ObservedCall } from '../scenario/observation.ts'
import { fallbacksIn, firstStep, stepsIn } from './plan-walk.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

/** 5: retries and fallbacks get the original input, whatever the attempts before them did to theirs. */
export const originalInput: Oracle = {
  number: 5,
  name: 'original-input',
  judges: 'engine',
  check({ plan, calls }) {
    const inputs = new Map<string, ObservedCall[]>()
    for (const call of calls) {
      if (call.path !== undefined) inputs.set(call.path, [...(inputs.get(call.path) ?? []), call])
    }
    const retried = stepsIn(plan).flatMap(({ path }) => {
      const [first, ...later] = inputs.get(path) ?? []
      return first === undefined
        ? []
        : later.map((call) => compare(first, call, `attempt ${call.nth} of ${path}`))
    })
    const fellBack = fallbacksIn(plan).map(({ primary, fallbackTo }) => {
      const first = inputs.get(firstStep(primary)?.path ?? '')?.[0]
      const call = inputs.get(firstStep(fallbackTo)?.path ?? '')?.[0]
      return first === undefined || call === undefined
        ? undefined
        : compare(first, call, `fallback ${call.path}`)
    })
    return [...retried, ...fellBack].filter((problem) => problem !== undefined)
  },
}

function compare(original: ObservedCall, later: ObservedCall, who: string) {
  if (isDeepStrictEqual(original.input, later.input)) return undefined
  return violation(
    originalInput,
    `Expected ${who} to get the original input of ${original.path}, got something else.`,
    {
      expected: original.input,
      actual: later.input,
    },
  )
}
