import { firstInline } from '../../src/base/listed.ts'
import type { ObservedCall, OpenConnection, TimerLeft } from '../scenario/observation.ts'

/** Most things that one message lists. */
const LISTED_MAX = 5

/** Things as a message names them, each once, the rest counted: `a, b and 3 more`. */
export function list(items: readonly string[]): string {
  return firstInline([...new Set(items)], LISTED_MAX)
}

/** Calls as a message names them: `fn:save (call 3, at 160 ms), fn:save (call 4, at 240 ms)`. */
export function listCalls(calls: readonly ObservedCall[]): string {
  return list(calls.map(nameCall))
}

/** Timers as a message names them: `setInterval of 50 ms (since 0 ms)`. */
export function listTimers(timers: readonly TimerLeft[]): string {
  return list(timers.map(({ words, sinceMs }) => `${words} (since ${sinceMs} ms)`))
}

/** Connections as a message names them: `events:feed (since 0 ms)`. */
export function listConnections(connections: readonly OpenConnection[]): string {
  return list(connections.map(({ point, sinceMs }) => `${point} (since ${sinceMs} ms)`))
}

/** One call. */
export function nameCall({ point, nth, atMs }: ObservedCall): string {
  return `${point} (call ${nth}, at ${atMs} ms)`
}
