import { fallbacksIn, stepsIn } from './plan-walk.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

/** 4: a fallback runs only when its primary has failed for good. */
export const noFallbackAfterSuccess: Oracle = {
  number: 4,
  name: 'no-fallback-after-success',
  judges: 'engine',
  check({ plan, records, calls }) {
    const fallbacks = fallbacksIn(plan)
    if (fallbacks.length === 0) return []
    const completed = new Set(
      records.flatMap((record) =>
        record.kind === 'step' && record.status === 'completed' ? [record.path] : [],
      ),
    )
    return fallbacks.flatMap(({ primary, fallbackTo }) => {
      if (!completed.has(primary.path)) return []
      const paths = new Set(stepsIn(fallbackTo).map(({ path }) => path))
      const called = calls.find(({ path }) => path !== undefined && paths.has(path))
      return called === undefined
        ? []
        : [
            violation(
              noFallbackAfterSuccess,
              `Fallback ${called.path} was called although its primary ${primary.path} had completed.`,
            ),
          ]
    })
  },
}
