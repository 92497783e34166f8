import { afterEach } from 'vitest'
import { keptTimers } from '../../harness/world/globals/kept-timers.ts'

// Subjects of tests leave timers on purpose. They would beat in the scenarios of the tests after them, as they do in those of
// one process, so they wait from now on where nothing fires.
afterEach(endKeptTimers)

export function endKeptTimers(): void {
  keptTimers.goOnIn({ nowMs: 0, isOver: true, set: () => ({ cancel: () => {} }), unset: () => {} })
}
