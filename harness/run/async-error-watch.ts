import { serializeError } from '../../src/base/serialize-error.ts'
import type { UnhandledError } from '../scenario/observation.ts'

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
  readonly unhandled: UnhandledError[] = []
  /** Those of each event, in its order. */
  readonly #before: readonly (readonly Listener[])[]

  readonly #collectors: Readonly<Record<(typeof EVENTS)[number], Listener>> = {
    unhandledRejection: (reason) => void this.unhandled.push({ how: 'rejected', ...serializeError(reason) }),
    uncaughtException: (thrown) => void this.unhandled.push({ how: 'thrown', ...serializeError(thrown) }),
  }

  constructor() {
    this.#before = EVENTS.map(putAside)
    for (const event of EVENTS) process.on(event, this.#collectors[event])
  }

  /** What it collected; last, whether somebody has taken it off, because then nobody knows what it has missed. */
  collected(): readonly UnhandledError[] {
    const gone = EVENTS.filter((event) => process.listenerCount(event, this.#collectors[event]) === 0)
    if (gone.length === 0) return this.unhandled
    const message = `The scenario removed the listeners of ${gone.join(' and ')} that others had added, so what it left unhandled cannot be known. Remove only its own.`
    return [...this.unhandled, { how: 'unknown', name: 'Error', message }]
  }

  stop(): void {
    for (const [index, event] of EVENTS.entries()) {
      process.removeListener(event, this.#collectors[event])
      for (const listener of this.#before[index] ?? NO_LISTENERS) process.on(event, listener)
    }
  }
}
