import { type SerializedError, serializeError } from '../../src/index.ts'

/**
 * Collects rejections nobody handled while it watches. The listeners that were there before (Vitest's, which would
 * blame whichever test happens to run) are put aside and put back.
 */
export class RejectionWatch {
  readonly unhandled: SerializedError[] = []
  readonly #before: NodeJS.UnhandledRejectionListener[]

  constructor() {
    this.#before = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection')
    process.on('unhandledRejection', this.#collect)
  }

  stop(): void {
    process.removeListener('unhandledRejection', this.#collect)
    for (const listener of this.#before) process.on('unhandledRejection', listener)
  }

  readonly #collect = (reason: unknown): void => {
    this.unhandled.push(serializeError(reason))
  }
}
