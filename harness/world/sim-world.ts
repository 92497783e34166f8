import type { Boundary, Clock, Timer, World } from '../../src/index.ts'
import { Pins } from './pins.ts'
import { seededRandom } from './seeded-random.ts'
import { OwnTimeline, type Timeline } from './timeline.ts'
import { Turns } from './turns.ts'
import { ofOurOwn } from './work/hook.ts'
import { Work } from './work/work.ts'

/**
 * @example
 * const options: SimWorldOptions = { seed: 7 }
 * const world = new SimWorld(options)
 */
export interface SimWorldOptions {
  /** Seeds the world's randomness; an integer, default 1. */
  readonly seed?: number | undefined
  /** Default: a timeline of its own, for code that asks the world for the time. */
  readonly timeline?: Timeline | undefined
}

/**
 * Simulated wall clocks start here unless skewed, so that a rerun next year gives the same dates.
 *
 * @example
 * new SimWorld().clock.wallMs() === WALL_START_MS // true
 */
export const WALL_START_MS: number = Date.UTC(2026, 0, 1)

// Captured at import: whatever a test does to the global later, the loop keeps a real one.
const realImmediate = setImmediate

/**
 * A simulated world: virtual clocks, seeded randomness, sequential ids. Time stands still until `drive` moves it to
 * the next timer, and never while real work or a pin holds it.
 *
 * @example
 * const world = new SimWorld({ seed: 7 })
 * const engine = createEngine({ world })
 * const end = await drive(world, engine.run(article, 'tides'))
 */
export class SimWorld implements World {
  readonly clock: Clock
  readonly random: () => number
  readonly pins: Pins = new Pins()
  /** The real work that was started in this world's name. */
  readonly work: Work = new Work(() => this.timeline.nowMs)
  /** The turns of the event loop between its jumps. */
  readonly turns: Turns = new Turns()
  /** The marks that were reached, and how often. */
  readonly marks: Map<string, number> = new Map()
  /** What timers' callbacks threw; no caller can catch that. */
  readonly uncaught: unknown[] = []
  readonly timeline: Timeline
  /** What calls out of this world go through; set by the scenario that runs in it. */
  boundary?: Boundary
  readonly #ids = new Map<string, number>()

  constructor(options: SimWorldOptions = {}) {
    this.timeline = options.timeline ?? new OwnTimeline()
    this.random = seededRandom(options.seed ?? 1)
    // Frozen, because the verdict is reached by the same clock as the subject asks.
    this.clock = Object.freeze<Clock>({
      monotonicMs: () => this.timeline.nowMs,
      wallMs: () => WALL_START_MS + this.timeline.nowMs,
      after: (delayMs, point, callback): Timer => this.timeline.after(delayMs, point, callback),
      afterTurn: (callback) => {
        const release = this.pins.hold('the end of this turn')
        ofOurOwn(() =>
          realImmediate(() => {
            callback()
            release()
          }),
        )
      },
    })
  }

  /** What code under test may have of this world: nothing that can be changed, and nothing that it is judged by. */
  get view(): World {
    const { clock, random, nextId, boundary, mark } = this
    return Object.freeze(
      boundary === undefined ? { clock, random, nextId, mark } : { clock, random, nextId, boundary, mark },
    )
  }

  /** Notes that a place with this name was reached. */
  readonly mark = (name: string): void => {
    this.marks.set(name, (this.marks.get(name) ?? 0) + 1)
  }

  /** `run-1`, `run-2`, …: ids count up per prefix. */
  readonly nextId = (prefix: string): string => {
    const count = (this.#ids.get(prefix) ?? 0) + 1
    this.#ids.set(prefix, count)
    return `${prefix}-${count}`
  }
}
