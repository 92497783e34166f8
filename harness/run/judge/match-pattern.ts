import { createContext, Script, type Context } from 'node:vm'

/** A pattern that is meant to match takes microseconds; one that takes this long tries the same letters without end. */
export const MATCH_MS_MAX = 100

/** How often a machine that is too busy to run a pattern at all may try again. */
const TRIES_MAX = 10

/** Longest text that a pattern with one repetition is matched with directly. */
const CHEAP_TEXT_MAX = 2_000

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
  context ??= createContext(Object.create(null) as object)
  Object.assign(context, { pattern, text })
  for (let tries = 1; tries <= TRIES_MAX; tries++) {
    const before = process.cpuUsage()
    try {
      return matching.runInContext(context, { timeout: MATCH_MS_MAX }) === true
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
      // The limit is a clock on the wall; on a busy machine it can pass before the pattern has had any time.
      const { user, system } = process.cpuUsage(before)
      if ((user + system) / 1000 >= MATCH_MS_MAX / 2) return 'timed-out'
    }
  }
  return 'timed-out'
}

/**
 * One repetition at most and no groups: then there is nothing to try in turns. A watched match costs a thread, some
 * 100 µs; a scenario run costs 20.
 */
function isCheap(pattern: string, text: string): boolean {
  return text.length <= CHEAP_TEXT_MAX && /^[^()|*+?{]*[*+?]?[^()|*+?{]*$/.test(pattern)
}
