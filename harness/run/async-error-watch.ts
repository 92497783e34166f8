import type { SerializedError } from '../../src/base/result.ts'
import { serializeError } from '../../src/base/serialize-error.ts'

type Listener = (reason: unknown) => void

/** The events by which Node tells of errors that no code dealt with. */
const EVENTS = ['unhandledRejection', 'uncaughtException'] as const

const NO_LISTENERS: readonly Listener[] = []

/** Takes an event's listeners off, and gives them raw: so a listener for once is still one when it is put back. */
function putAside(event: (typeof EVENTS)[number]): readonly Listener[] {
  // Asked first, because taking none off costs as much as taking some.
  if (process.listenerCount(event) === 0) return NO_LISTENERS
  const listeners = process.rawListeners(event) as Listener[]
  process.removeAllListeners(event)
  return listeners
}

/**
 * Collects unhandled rejections and uncaught exceptions while it watches. The listeners that were there
 * before (Vitest's, which would blame whichever test happens to run) are put aside and put back.
 */
export class AsyncErrorWatch {
  readonly unhandled: SerializedError[] = []
  /** Those of each event, in its order. */
  readonly #before: readonly (readonly Listener[])[]

  constructor() {
    this.#before = EVENTS.map(putAside)
    for (const event of EVENTS) process.on(event, this.#collect)
  }

  /** What it collected; last, whether somebody has taken it off, because then nobody knows what it has missed. */
  collected(): readonly SerializedError[] {
    const gone = EVENTS.filter((event) => process.listenerCount(event, this.#collect) === 0)
    if (gone.length === 0) return this.unhandled
    const message = `the scenario took off the listeners of ${gone.join(' and ')} that others had put on, so what it left unhandled cannot be known. Let it take off its own only.`
    return [...this.unhandled, { name: 'Error', message }]
  }

  stop(): void {
    for (const [index, event] of EVENTS.entries()) {
      process.removeListener(event, this.#collect)
      for (const listener of this.#before[index] ?? NO_LISTENERS) process.on(event, listener)
    }
  }

  readonly #collect = (reason: unknown): void => {
    this.unhandled.push(serializeError(reason))
  }
}
