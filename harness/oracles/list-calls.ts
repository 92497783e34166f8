import { firstInline } from '../../src/base/listed.ts'
import type { ObservedCall, OpenConnection, TimerLeft } from '../scenario/observation.ts'

/** Most things that one message lists. */
const LISTED_MAX = 5

/** Calls as a message names them: `fn:save (call 3, at 160 ms), fn:save (call 4, at 240 ms)`, the rest counted. */
export function listCalls(calls: readonly ObservedCall[]): string {
  return firstInline(calls.map(nameCall), LISTED_MAX)
}

/** Timers as a message names them: `setInterval of 50 ms (since 0 ms)`, the rest counted. */
export function listTimers(timers: readonly TimerLeft[]): string {
  return firstInline(
    timers.map(({ words, sinceMs }) => `${words} (since ${sinceMs} ms)`),
    LISTED_MAX,
  )
}

/** Connections as a message names them: `events:feed (since 0 ms)`, the rest counted. */
export function listConnections(connections: readonly OpenConnection[]): string {
  return firstInline(
    connections.map(({ point, sinceMs }) => `${point} (since ${sinceMs} ms)`),
    LISTED_MAX,
  )
}

/** One of them. */
export function nameCall({ point, nth, atMs }: ObservedCall): string {
  return `${point} (call ${nth}, at ${atMs} ms)`
}
