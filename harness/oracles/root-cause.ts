import type { StepRecord } from '../../src/index.ts'
import type { Problem } from '../scenario/verdict.ts'
import { fallbackPartsIn } from './plan-walk.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

/**
 * 16: what a failed fallback says still holds why its parts have failed, both of them. That a pipeline fails at all
 * although no fault fired is for expectations to judge: its own steps may throw.
 */
export const rootCause: Oracle = {
  number: 16,
  name: 'root-cause',
  judges: 'engine',
  check({ plan, records }) {
    const parts = fallbackPartsIn(plan)
    if (!records.some((record) => record.kind === 'step' && record.status === 'failed')) return []
    const ends = new Map<string, StepRecord>()
    const problems: Problem[] = []
    for (const record of records) {
      if (record.kind !== 'step') continue
      // By path and visit: a part may have ended as another token than it began as.
      ends.set(keyOf(record.path, record.visit), record)
      if (record.status !== 'failed') continue
      for (const { fallback, part } of parts.get(record.path) ?? []) {
        if (part !== 'whole') continue
        const causes = [fallback.primary, fallback.fallbackTo].flatMap(
          ({ path }) => ends.get(keyOf(path, record.visit)) ?? [],
        )
        problems.push(...lost(record, causes))
      }
    }
    return problems
  },
}

const keyOf = (path: string, visit: number): string => `${visit} ${path}`

function lost({ path, feedback }: StepRecord, causes: readonly StepRecord[]): readonly Problem[] {
  // What ends the whole run ends the node for reasons of its own.
  if (causes.length < 2 || causes.at(-1)?.feedback === feedback) return []
  return causes.flatMap((cause) =>
    cause.status !== 'failed' || feedback?.includes(cause.feedback ?? '') === true
      ? []
      : [
          violation(rootCause, `Expected what ${path} says to hold why ${cause.path} failed.`, {
            expected: cause.feedback,
            actual: feedback,
          }),
        ],
  )
}
