import type { ObservedCall, TimerLeft } from '../scenario/observation.ts'

/** Most things that one message lists. */
const LISTED_MAX = 5

/** Calls as a message names them: `fn:save (call 3, at 160 ms), fn:save (call 4, at 240 ms)`, the rest counted. */
export function listCalls(calls: readonly ObservedCall[]): string {
  return list(calls.map(nameCall))
}

/** Timers as a message names them: `setInterval of 50 ms (since 0 ms)`, the rest counted. */
export function listTimers(timers: readonly TimerLeft[]): string {
  return list(timers.map(({ words, sinceMs }) => `${words} (since ${sinceMs} ms)`))
}

function list(items: readonly string[]): string {
  const listed = items.slice(0, LISTED_MAX).join(', ')
  const more = items.length - LISTED_MAX
  return more > 0 ? `${listed} and ${more} more` : listed
}

/** One of them. */
export function nameCall({ point, nth, atMs }: ObservedCall): string {
  return `${point} (call ${nth}, at ${atMs} ms)`
}
