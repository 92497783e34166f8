import { currentWork } from '../work/hook.ts'
import type { VirtualTimers } from './virtual-timers.ts'

/** What the globals are made of while a scenario runs. */
export interface Running {
  readonly timers: VirtualTimers
  /** Virtual milliseconds since it began. */
  readonly nowMs: number
  /** What the wall clock shows, in milliseconds since 1970. */
  readonly wallMs: number
  /** What it showed at first; clocks that count from the start of the process count from there, too. */
  readonly originMs: number
  /** A clock is read. */
  read(): this
  /** A number in [0, 1) under the scenario's seed. */
  readonly random: () => number
}

let running: Running | undefined

/** Says which scenario the globals belong to; scenarios of one process take turns. */
export function setRunning(scenario: Running | undefined): void {
  running = scenario
}

/**
 * What the globals give the code that asks for them; `undefined` for everything but a scenario's own code: the test
 * runner, the test and its servers keep what is real.
 *
 * Code in the name of an earlier scenario, such as a pool it has opened, is taken for part of the running one.
 */
export function runningFor(): Running | undefined {
  return running !== undefined && currentWork() !== undefined ? running : undefined
}
