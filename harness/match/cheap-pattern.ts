/** Longest text that a pattern with one repetition is matched with directly. */
const CHEAP_TEXT_MAX = 2_000

/** One repetition at most, and no groups: then there is nothing to try in turns. */
const ONE_REPETITION = /^[^()|*+?{]*[*+?]?[^()|*+?{]*$/

/** Whether a pattern has no more than one repetition, and no groups. */
export function hasOneRepetition(pattern: string): boolean {
  return ONE_REPETITION.test(pattern)
}

/** Whether matching takes no watch: a watched match costs a thread, some 100 µs; a scenario run costs 20. */
export function isCheap(pattern: string, text: string): boolean {
  return text.length <= CHEAP_TEXT_MAX && hasOneRepetition(pattern)
}
