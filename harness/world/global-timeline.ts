import { syncBuiltinESMExports } from 'node:module'
import nodeTimers from 'node:timers'
import timersPromises from 'node:timers/promises'
import { install } from '@sinonjs/fake-timers'
import { ShakedownError } from '../../src/base/errors.ts'
import type { Timer } from '../../src/world/world.ts'
import { fakeGlobals } from './global-fakes.ts'
import { doAll, type PutBack, remember } from './put-back.ts'
import type { Timeline } from './timeline.ts'

const TO_FAKE = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'Date',
  'hrtime',
  'performance',
] as const

/** Everything that faking them replaces: the library stops at the first that it cannot put back. */
function rememberAll(): PutBack[] {
  const holders: readonly (readonly [object, readonly PropertyKey[]])[] = [
    [globalThis, TO_FAKE.filter((name) => name !== 'hrtime')],
    [process, ['hrtime']],
    [nodeTimers, Object.keys(nodeTimers)],
    [timersPromises, Object.keys(timersPromises)],
    [performance, Reflect.ownKeys(Object.getPrototypeOf(performance) as object)],
  ]
  return holders.flatMap(([holder, keys]) => keys.map((key) => remember(holder, key)))
}

/**
 * The timeline of code that uses Node's global timers: while it is there, `setTimeout`, `setInterval`, `Date`,
 * `performance.now` and `process.hrtime` of this process are virtual, and so is what `fakeGlobals` adds. Uninstall it in a `finally`.
 *
 * **Gotchas:** it cannot fake a `setTimeout` that a module has put aside at import; such timers run in real time, and
 * virtual time waits for short ones only. `setImmediate` and `process.nextTick` stay real, too: the loop
 * that moves virtual time needs them.
 */
export class GlobalTimeline implements Timeline {
  readonly #startMs: number
  readonly #clock: ReturnType<typeof install>
  readonly #putBack: readonly PutBack[]

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
    const originals = rememberAll()
    let clock: ReturnType<typeof install> | undefined
    try {
      clock = install({ now: wallMs, toFake: [...TO_FAKE] })
      this.#clock = clock
      this.#putBack = [
        () => this.#clock.uninstall(),
        fakeGlobals(clock, seed),
        ...originals,
        syncBuiltinESMExports,
      ]
    } catch (error) {
      tryAll([() => clock?.uninstall(), ...originals, syncBuiltinESMExports])
      throw error
    }
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

  /**
   * Gives the process its real timers back.
   *
   * @throws ShakedownError `E_TIMERS_TAKEN` when code has locked one of them; all others are back then
   */
  uninstall(): void {
    try {
      doAll(this.#putBack)
    } catch (error) {
      throw new ShakedownError(
        'E_TIMERS_TAKEN',
        'Expected the global timers to be replaceable after the scenario, but code of it has locked one of them, which stays virtual.',
        {
          cause: error,
          hint: 'Leave the globals writable or configurable; `Object.freeze` locks all of them.',
        },
      )
    }
  }
}

/** For where an error is on its way already. */
function tryAll(steps: readonly PutBack[]): void {
  try {
    doAll(steps)
  } catch {
    // The error on its way says why.
  }
}
