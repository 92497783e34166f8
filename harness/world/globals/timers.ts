import nodeTimers from 'node:timers'
import timersPromises from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Fake, fakeOf } from './fake.ts'
import { timersFor } from './clock-for.ts'
import { clearVirtual, VirtualTimeout } from './virtual-timeout.ts'

type Start = (callback: unknown, delay?: unknown, ...args: unknown[]) => unknown
type Clear = (timer: unknown) => void

/** The timers that call back. */
export const TIMER_FAKES: readonly Fake[] = [
  fakeOf<Start>(placesOf('setTimeout'), (outside) => withPromises(startOf(false, outside))),
  fakeOf<Start>(placesOf('setInterval'), (outside) => startOf(true, outside)),
  fakeOf<Clear>(placesOf('clearTimeout'), clearOf),
  fakeOf<Clear>(placesOf('clearInterval'), clearOf),
]

/** The global one and that of `node:timers` are one function. */
function placesOf(name: string): readonly [readonly [object, string], readonly [object, string]] {
  return [
    [globalThis, name],
    [nodeTimers, name],
  ]
}

function startOf(repeats: boolean, outside: () => Start): Start {
  return (callback, delay, ...args) => {
    const timers = timersFor()
    // What Node refuses is refused in its words.
    if (timers === undefined || typeof callback !== 'function') return outside()(callback, delay, ...args)
    return new VirtualTimeout(timers, { call: callback as () => unknown, args }, delay, repeats)
  }
}

/** `promisify(setTimeout)` is the one of `timers/promises`, whichever that is at the moment. */
function withPromises(start: Start): Start {
  return Object.defineProperty(start, promisify.custom, {
    get: () => timersPromises.setTimeout,
    enumerable: false,
  })
}

/** A timer that was set outside of the scenario may be cleared inside, and the other way round. */
function clearOf(outside: () => Clear): Clear {
  return (timer) => {
    if (!clearVirtual(timer)) outside()(timer)
  }
}
