import { currentWork, inNameOf } from '../work/hook.ts'
import { Work } from '../work/work.ts'
import { ImportTimers } from './kept-timers.ts'
import { runningFor } from './running.ts'
import type { VirtualTimers } from './virtual-timers.ts'

/** What time it is. */
interface VirtualClock {
  /** Milliseconds since the clocks began. */
  readonly nowMs: number
  /** What the wall clock shows, in milliseconds since 1970. */
  readonly wallMs: number
  /** What it showed when the clocks began. */
  readonly originMs: number
}

interface Import {
  readonly work: Work
  readonly clock: VirtualClock
  readonly timers: ImportTimers
}

let importing: Import | undefined

/** The clock of the code that asks: of the running scenario, or of an import; `undefined` for all other code. */
export function clockFor(): VirtualClock | undefined {
  const running = runningFor()
  if (running !== undefined) return running.read()
  return importing !== undefined && currentWork() === importing.work ? importing.clock : undefined
}

/** Where the timers of the code that asks wait, in the same way. */
export function timersFor(): VirtualTimers | undefined {
  const running = runningFor()
  if (running !== undefined) return running.timers
  return importing !== undefined && currentWork() === importing.work ? importing.timers : undefined
}

/**
 * Imports modules at the moment at which every scenario begins. A token bucket that a module fills when it is loaded would
 * otherwise have been filled in a future that no scenario ever comes to. Its timers that go on do so in the scenarios.
 */
export async function importedAt<T>(wallMs: number, load: () => Promise<T>): Promise<T> {
  const work = new Work(() => 0)
  const timers = new ImportTimers()
  importing = { work, clock: Object.freeze({ nowMs: 0, wallMs, originMs: wallMs }), timers }
  try {
    return await inNameOf(work, load)
  } finally {
    importing = undefined
    timers.end()
  }
}
