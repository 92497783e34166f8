import { install } from '@sinonjs/fake-timers'
import { ShakedownError } from '../../src/base/errors.ts'
import type { Timer } from '../../src/world/world.ts'
import { fakeGlobals } from './global-fakes.ts'
import type { Timeline } from './timeline.ts'

/**
 * The timeline of code that uses Node's global timers: while it is there, `setTimeout`, `setInterval`, `Date`,
 * `performance.now` and `process.hrtime` of this process are virtual, and so is what `fakeGlobals` adds. Uninstall it in a `finally`.
 *
 * **Gotchas:** it cannot fake a `setTimeout` that a module has put aside at import; such timers run in real time, and
 * virtual time waits for them. `setImmediate` and `process.nextTick` stay real, too: the loop
 * that moves virtual time needs them.
 */
export class GlobalTimeline implements Timeline {
  readonly #startMs: number
  readonly #clock: ReturnType<typeof install>
  readonly #putBack: () => void

  constructor(wallMs: number, seed = 1) {
    this.#startMs = wallMs
    if ('clock' in setTimeout) {
      throw new ShakedownError(
        'E_TIMERS_TAKEN',
        'Expected the global timers to be real before a scenario makes them virtual, but they have been faked already.',
        {
          hint: 'Take the fake timers off before the scenario runs (`vi.useRealTimers()`), or leave out `timers: global`.',
        },
      )
    }
    this.#clock = install({
      now: wallMs,
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'hrtime', 'performance'],
    })
    this.#putBack = fakeGlobals(this.#clock, seed)
  }

  get nowMs(): number {
    return this.#clock.now - this.#startMs
  }

  after(delayMs: number, _point: string, fire: () => void): Timer {
    const id = this.#clock.setTimeout(fire, delayMs)
    return { cancel: () => this.#clock.clearTimeout(id) }
  }

  fireNext(): boolean {
    if (this.#clock.countTimers() === 0) return false
    this.#clock.next()
    return true
  }

  points(): readonly string[] {
    const timers = this.#clock.countTimers()
    return timers === 0 ? [] : [`${timers} global timer${timers === 1 ? '' : 's'}`]
  }

  /** Gives the process its real timers back. */
  uninstall(): void {
    this.#clock.uninstall()
    this.#putBack()
  }
}
