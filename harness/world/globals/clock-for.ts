import { currentWork, inNameOf } from '../work/hook.ts'
import { Work } from '../work/work.ts'
import { runningFor } from './running.ts'

/** What time it is. */
interface VirtualClock {
  /** Milliseconds since the clocks began. */
  readonly nowMs: number
  /** What the wall clock shows, in milliseconds since 1970. */
  readonly wallMs: number
  /** What it showed when the clocks began. */
  readonly originMs: number
}

let importing: { readonly work: Work; readonly clock: VirtualClock } | undefined

/** The clock of the code that asks: of the running scenario, or of an import; `undefined` for all other code. */
export function clockFor(): VirtualClock | undefined {
  const running = runningFor()
  if (running !== undefined) return running.read()
  return importing !== undefined && currentWork() === importing.work ? importing.clock : undefined
}

/**
 * Imports modules at the moment at which every scenario begins. A token bucket that a module fills when it is loaded would
 * otherwise have been filled in a future that no scenario ever comes to.
 */
export async function importedAt<T>(wallMs: number, load: () => Promise<T>): Promise<T> {
  const work = new Work(() => 0)
  importing = { work, clock: Object.freeze({ nowMs: 0, wallMs, originMs: wallMs }) }
  try {
    return await inNameOf(work, load)
  } finally {
    importing = undefined
  }
}
