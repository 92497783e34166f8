import type { SerializedError } from '../../src/base/result.ts'
import { serializeError } from '../../src/base/serialize-error.ts'

type Listener = (reason: unknown) => void

/** The events by which Node tells of errors that no code dealt with. */
const EVENTS = ['unhandledRejection', 'uncaughtException'] as const

/**
 * Collects unhandled rejections and uncaught exceptions while it watches. The listeners that were there
 * before (Vitest's, which would blame whichever test happens to run) are put aside and put back.
 */
export class AsyncErrorWatch {
  readonly unhandled: SerializedError[] = []
  readonly #before: readonly (readonly [string, readonly Listener[]])[]

  constructor() {
    this.#before = EVENTS.map((event) => {
      // Raw, so that a listener for once is still one when it is put back.
      const listeners = process.rawListeners(event) as Listener[]
      process.removeAllListeners(event)
      process.on(event, this.#collect)
      return [event, listeners] as const
    })
  }

  stop(): void {
    for (const [event, listeners] of this.#before) {
      process.removeListener(event, this.#collect)
      for (const listener of listeners) process.on(event, listener)
    }
  }

  readonly #collect = (reason: unknown): void => {
    this.unhandled.push(serializeError(reason))
  }
}
