import { format, stripVTControlCharacters } from 'node:util'
import { describeThrown } from '../../src/base/serialize-error.ts'

/** What is kept of complaints: a screen of them. */
const CHARS_MAX = 8_192

/** The part of a Vitest that says what it calls an error; the same in Vitest 4.1 and 5. */
interface Complaining {
  readonly logger: { error: (...args: unknown[]) => void }
}

/**
 * Hears why a run fails after its tests: coverage below its thresholds, a `globalSetup` whose teardown throws, an error
 * that nothing catches. No reporter is told of these.
 */
export class AfterTests {
  #complaints = ''
  readonly #onUncaught = (error: unknown): void => this.#add(describeThrown(error))

  /** What was called an error since the last test. */
  get complaints(): string {
    return this.#complaints.trim()
  }

  /** Call it when the reporters have heard of the end of the tests: what they make of it is written as errors, too. */
  listen({ logger }: Complaining): void {
    const say = logger.error.bind(logger)
    logger.error = (...args) => {
      this.#add(stripVTControlCharacters(format(...args)))
      say(...args)
    }
    // The monitor changes nothing about what becomes of the error.
    process.on('uncaughtExceptionMonitor', this.#onUncaught)
  }

  stop(): void {
    process.off('uncaughtExceptionMonitor', this.#onUncaught)
  }

  #add(text: string): void {
    this.#complaints = `${this.#complaints}${text}\n`.slice(0, CHARS_MAX)
  }
}
