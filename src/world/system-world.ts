import { randomBytes } from 'node:crypto'
import { timerDelayMs } from './timer-delay.ts'
import type { Clock, Timer, World } from './world.ts'

/** Tells the ids of this process from those of every other one; 64 bits never meet twice by chance. */
const PROCESS_PART = randomBytes(8).toString('hex')
let idsGiven = 0

const systemClock: Clock = Object.freeze({
  monotonicMs: (): number => performance.now(),
  wallMs: (): number => Date.now(),
  after(delayMs: number, _point: string, callback: () => void): Timer {
    const handle = setTimeout(callback, timerDelayMs(delayMs))
    return { cancel: () => clearTimeout(handle), unref: () => void handle.unref() }
  },
  afterTurn(callback: () => void): void {
    setImmediate(callback)
  },
})

const theSystemWorld: World = Object.freeze({
  clock: systemClock,
  random: Math.random,
  nextId: (prefix: string): string => `${prefix}-${PROCESS_PART}-${++idsGiven}`,
})

/**
 * The real world: the machine's clocks, its randomness and random ids. What an engine lives in by default.
 *
 * @example
 * const { clock, random, nextId } = systemWorld()
 * console.log(clock.wallMs(), random(), nextId('order'))
 */
export function systemWorld(): World {
  return theSystemWorld
}
