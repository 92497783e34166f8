import { syncBuiltinESMExports } from 'node:module'
import { setTimeout as importedSleep } from 'node:timers/promises'
import timersPromises from 'node:timers/promises'
import { ShakedownError } from '../../../src/base/errors.ts'
import { ofOurOwn } from '../work/hook.ts'
import { CLOCK_FAKES } from './clocks.ts'
import { MARK_FAKES } from './marks.ts'
import { FORMAT_FAKES } from './formats.ts'
import { doAll, type PutBack } from '../put-back.ts'
import { TEMPORAL_FAKES } from './temporal.ts'
import { RANDOM_FAKES } from './randomness.ts'
import { PROMISE_TIMER_FAKES } from './timers-promises.ts'
import { TIMER_FAKES } from './timers.ts'

// Captured at import: whatever a test does to the global later, this one is real.
const realImmediate = setImmediate

const FAKES = [
  ...TIMER_FAKES,
  ...PROMISE_TIMER_FAKES,
  ...CLOCK_FAKES,
  ...MARK_FAKES,
  ...FORMAT_FAKES,
  ...TEMPORAL_FAKES,
  ...RANDOM_FAKES,
]

/*
 * Who gets what, while a scenario runs:
 *
 * | | the scenario's code | all other code |
 * | --- | --- | --- |
 * | `setTimeout`, `setInterval` and their clears, `timers/promises`, `AbortSignal.timeout` | virtual | real |
 * | `Date`, `Temporal.Now`, `Intl.DateTimeFormat` without a date, `performance.now`, `mark`, `measure` and `timeOrigin`, `process.hrtime` and `uptime` | virtual | real |
 * | `Math.random`, `randomUUID`, `getRandomValues`, `randomBytes`, `randomFill`, `randomFillSync`, `randomInt` | seeded | real |
 * | `setImmediate`, `queueMicrotask`, `process.nextTick`, `Event.timeStamp`, `Atomics.waitAsync`, `fs.watchFile` | real | real |
 *
 * A fake is installed before the subject is called, in the order of the list, and put back in the same order when the
 * scenario is over. `running.ts` says which scenario is asked; whose code asks is known by its async context.
 */

/**
 * Puts all fakes in place.
 *
 * @returns what puts back what was there; it throws `E_TIMERS_TAKEN` when code has locked one of them, all others are back then
 * @throws when a global cannot be replaced; nothing is faked then
 *
 * @example
 * const putBack = installFakes()
 * try {
 *   console.log(Date.now())
 * } finally {
 *   putBack()
 * }
 */
export function installFakes(): PutBack {
  const putBack: PutBack[] = []
  try {
    for (const fake of FAKES) fake.install(putBack)
  } catch (error) {
    tryAll(putBack)
    throw error
  }
  syncImports()
  return () => {
    try {
      doAll(putBack)
    } catch (error) {
      throw lockedGlobal(error)
    } finally {
      syncImportsLater()
    }
  }
}

/** `import { setTimeout } from 'node:timers/promises'` reads a copy that only this brings up to date. It is slow. */
function syncImports(): void {
  if (importedSleep !== timersPromises.setTimeout) syncBuiltinESMExports()
}

let syncIsDue = false

/**
 * Bringing the copies up to date costs as much as a scenario, and without a running scenario a fake calls the real
 * function. The next scenario mostly begins before the turn is over.
 */
function syncImportsLater(): void {
  if (syncIsDue) return
  syncIsDue = true
  ofOurOwn(() =>
    realImmediate(() => {
      syncIsDue = false
      syncImports()
    }),
  )
}

function lockedGlobal(cause: unknown): ShakedownError {
  return new ShakedownError(
    'E_TIMERS_TAKEN',
    'Expected the global timers to be replaceable after the scenario, but code of it has locked one of them, which stays virtual.',
    { cause, hint: 'Leave the globals writable or configurable; `Object.freeze` locks all of them.' },
  )
}

/** For where an error is on its way already. */
function tryAll(steps: readonly PutBack[]): void {
  try {
    doAll(steps)
  } catch {
    // The error on its way says why.
  }
}
