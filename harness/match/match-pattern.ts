import { createContext, Script, type Context } from 'node:vm'
import { isCheap } from './cheap-pattern.ts'
import { givenTime } from './given-time.ts'

/** A pattern that is meant to match takes microseconds; one that takes this long tries the same letters without end. */
export const MATCH_MS_MAX = 100

/** Half of it: the other half may be spent on what this process does in other threads, and on the machine. */
const CPU_US_MIN = 50_000

/** One for all patterns: making one takes longer than matching. */
let context: Context | undefined
const matching = new Script('new RegExp(pattern, "u").test(text)')

/**
 * Whether a text matches a pattern, with the flag `u`; `timed-out` for a pattern that is not done within 100 ms.
 *
 * A scenario file is data from outside: `(a+)+$` on forty letters takes longer than a person waits, and a function that
 * does not return cannot be stopped from the same thread. `node:vm` can.
 */
export function matchPattern(pattern: string, text: string): boolean | 'timed-out' {
  if (isCheap(pattern, text)) return new RegExp(pattern, 'u').test(text)
  const isolated = (context ??= createContext(Object.create(null) as object))
  Object.assign(isolated, { pattern, text })
  const match = (): boolean => matching.runInContext(isolated, { timeout: MATCH_MS_MAX }) === true
  return givenTime(match, () => process.cpuUsage().user, CPU_US_MIN)
}
