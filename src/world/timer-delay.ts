/** Node fires a timer beyond this at once, with a warning; a longer wait is cut to it. About 24.8 days. */
export const TIMER_MS_MAX = 2_147_483_647

/** The delay a timer really gets, in milliseconds: what is no number is 1, as Node has it, and the rest is kept in range. */
export function timerDelayMs(ms: number): number {
  return Number.isNaN(ms) ? 1 : Math.min(Math.max(ms, 0), TIMER_MS_MAX)
}
