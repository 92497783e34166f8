import type { Problem } from '../scenario/verdict.ts'
import { fallbacksIn, stepsIn } from './plan-walk.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

/** 4: a fallback runs only when its primary has failed for good. */
export const noFallbackAfterSuccess: Oracle = {
  number: 4,
  name: 'no-fallback-after-success',
  judges: 'engine',
  check({ plan, records, visits }) {
    const problems: Problem[] = []
    for (const { primary, fallbackTo } of fallbacksIn(plan)) {
      for (const record of records) {
        if (record.kind !== 'step' || record.status !== 'completed' || record.path !== primary.path) continue
        const called = visits.find(
          ({ path, tokenId, visit, calls }) =>
            calls.length > 0 &&
            tokenId === record.tokenId &&
            visit === record.visit &&
            stepsIn(fallbackTo).some((step) => step.path === path),
        )
        if (called === undefined) continue
        problems.push(
          violation(
            noFallbackAfterSuccess,
            `Fallback ${called.path} was called although its primary ${primary.path} had completed.`,
          ),
        )
      }
    }
    return problems
  },
}
