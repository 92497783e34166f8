import type { ObservedCall } from '../scenario/observation.ts'

/** Most calls that one message lists. */
const LISTED_MAX = 5

/** Calls as a message names them: `fn:save (call 3, at 160 ms), fn:save (call 4, at 240 ms)`, the rest counted. */
export function listCalls(calls: readonly ObservedCall[]): string {
  const listed = calls
    .slice(0, LISTED_MAX)
    .map(({ point, nth, atMs }) => `${point} (call ${nth}, at ${atMs} ms)`)
    .join(', ')
  const more = calls.length - LISTED_MAX
  return more > 0 ? `${listed} and ${more} more` : listed
}
