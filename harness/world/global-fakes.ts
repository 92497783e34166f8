import nodeCrypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import timersPromises from 'node:timers/promises'
import { seededRandom } from './seeded-random.ts'
import { doAll, type PutBack, remember } from './put-back.ts'
import { currentWork } from './work/hook.ts'

/** The part of the virtual clock that is needed here. */
interface FakeClock {
  readonly setTimeout: (callback: () => void, delayMs: number) => unknown
}

type RandomTarget = Parameters<typeof crypto.getRandomValues>[0]

/** Most bytes that `crypto.getRandomValues` fills at once. */
const RANDOM_BYTES_MAX = 65_536
/** Longest delay that `AbortSignal.timeout` takes, in milliseconds. */
const DELAY_MS_MAX = 0xffff_ffff

/** Node's own words for what aborts by time. */
const TIMED_OUT = 'The operation was aborted due to timeout'

/**
 * Makes virtual what the library of fake timers leaves real: `AbortSignal.timeout`, `scheduler.wait`, what modules have
 * imported from `node:timers/promises`; and seeds `Math.random`, `crypto.randomUUID` and `crypto.getRandomValues` for the
 * code of the scenario. Call it once the clock is installed.
 *
 * @returns what puts all of it back; call it once the clock is uninstalled
 */
export function fakeGlobals(clock: FakeClock, seed: number): PutBack {
  const random = seededRandom(seed)
  const realRandom = Math.random
  const { randomUUID } = nodeCrypto
  const webCrypto = globalThis.crypto
  const webCryptoValues = webCrypto.getRandomValues.bind(webCrypto)
  const realSignal = AbortSignal.timeout.bind(AbortSignal)
  const uuid = (): ReturnType<typeof randomUUID> => (inScenario() ? seededUuid(random) : randomUUID())
  // What Node refuses is refused in its words. What it takes is not asked: real randomness is real work, which holds time.
  const values = (into: RandomTarget): RandomTarget =>
    inScenario() && isFillable(into) ? fill(into, random) : webCryptoValues(into)
  // The clock has put its own in this place, and puts Node's back.
  Object.assign(timersPromises, { setTimeout: abortedAsInNode(timersPromises.setTimeout) })
  const fakes: readonly (readonly [object, string, unknown])[] = [
    [AbortSignal, 'timeout', (delayMs: number) => timeoutSignal(clock, delayMs, realSignal)],
    [
      timersPromises.scheduler,
      'wait',
      (delayMs: number, options?: { signal?: AbortSignal }) =>
        timersPromises.setTimeout(delayMs, undefined, options),
    ],
    [Math, 'random', () => (inScenario() ? random() : realRandom())],
    [webCrypto, 'randomUUID', uuid],
    // `getRandomValues` of `node:crypto` asks this one.
    [webCrypto, 'getRandomValues', values],
    [nodeCrypto, 'randomUUID', uuid],
  ]
  const putBack: PutBack[] = []
  const uninstall = (): void => doAll([...putBack, syncBuiltinESMExports])
  try {
    for (const [target, key, value] of fakes) {
      putBack.push(remember(target, key))
      replace(target, key, value)
    }
    // `import { setTimeout } from 'node:timers/promises'` reads a copy that only this brings up to date.
    syncBuiltinESMExports()
  } catch (error) {
    uninstall()
    throw error
  }
  return uninstall
}

/** The test runner draws numbers, too, and must not draw the same ones in every scenario. */
function inScenario(): boolean {
  return currentWork() !== undefined
}

function replace(target: object, key: string, value: unknown): void {
  const before = Object.getOwnPropertyDescriptor(target, key)
  Object.defineProperty(target, key, {
    value,
    configurable: true,
    writable: true,
    enumerable: before?.enumerable ?? false,
  })
}

function timeoutSignal(
  clock: FakeClock,
  delayMs: number,
  real: (delayMs: number) => AbortSignal,
): AbortSignal {
  // What Node refuses is refused in its words. What it takes is not asked: it would start a timer.
  if (!isDelay(delayMs)) return real(delayMs)
  const controller = new AbortController()
  clock.setTimeout(() => controller.abort(new DOMException(TIMED_OUT, 'TimeoutError')), delayMs)
  return controller.signal
}

/** What `AbortSignal.timeout` takes: a whole number of 32 bits. */
function isDelay(delayMs: unknown): boolean {
  return Number.isInteger(delayMs) && Number(delayMs) >= 0 && Number(delayMs) <= DELAY_MS_MAX
}

/** What `crypto.getRandomValues` takes. */
function isFillable(into: unknown): boolean {
  return (
    ArrayBuffer.isView(into) &&
    !(into instanceof DataView) &&
    !isFloatArray(into) &&
    into.byteLength <= RANDOM_BYTES_MAX
  )
}

function isFloatArray(view: object): boolean {
  return Object.prototype.toString.call(view).startsWith('[object Float')
}

function fill(into: RandomTarget, random: () => number): RandomTarget {
  const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength)
  for (let at = 0; at < bytes.length; at++) bytes[at] = Math.floor(random() * 256)
  return into
}

/** The virtual `setTimeout` of `timers/promises` rejects with the signal's reason; Node's says `AbortError` and has the reason as its cause. */
function abortedAsInNode(wait: typeof timersPromises.setTimeout): typeof timersPromises.setTimeout {
  return async (delayMs, value, options) => {
    try {
      return await wait(delayMs, value, options)
    } catch (error) {
      const { signal } = options ?? {}
      if (signal?.aborted !== true || error !== signal.reason) throw error
      const aborted = new Error('The operation was aborted', { cause: error })
      throw Object.assign(aborted, { name: 'AbortError', code: 'ABORT_ERR' })
    }
  }
}

/** A version 4 UUID (RFC 9562) of seeded bytes. */
function seededUuid(random: () => number): ReturnType<typeof nodeCrypto.randomUUID> {
  const hex = (digits: number): string =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0')
  const variant = (8 + Math.floor(random() * 4)).toString(16)
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(6)}${hex(6)}`
}
