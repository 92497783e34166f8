import type { WaitingTimer } from './virtual-timers.ts'

/** Most that a message can use. */
const KEPT_MAX = 20

const abandoned = new Set<string>()

/** Timers whose scenario is over: its time stands still, so they never fire. */
export function abandon(timers: Iterable<WaitingTimer>): void {
  for (const { words } of timers) if (abandoned.size < KEPT_MAX) abandoned.add(words)
}

/** The kinds of timers that earlier scenarios of this process have left behind, such as `setInterval of 1000 ms`. */
export function abandonedTimers(): readonly string[] {
  return [...abandoned]
}
