import { format, stripVTControlCharacters } from 'node:util'
import type { VitestInstance } from './vitest-api.ts'

/** What is kept of complaints: a screen of them. */
const CHARS_MAX = 8_192

/**
 * Tells apart why Vitest fails: for its tests, which the journal has, or for what comes after them: coverage below its
 * thresholds, a `globalSetup` whose teardown throws, an exit code somebody sets. Of the latter no reporter hears.
 */
export class VerdictAfterTests {
  #complaints = ''

  /** What Vitest called an error after its tests. */
  get complaints(): string {
    return this.#complaints.trim()
  }

  /** @param failed Vitest has a reason to fail that its reporters have heard of */
  testsEnded({ logger }: VitestInstance, failed: boolean): void {
    // The journal has the reason; what sets the code again from here on has another one.
    if (failed && process.exitCode === 1) process.exitCode = 0
    const say = logger.error.bind(logger)
    logger.error = (...args) => {
      const text = stripVTControlCharacters(format(...args))
      this.#complaints = `${this.#complaints}${text}\n`.slice(0, CHARS_MAX)
      say(...args)
    }
  }
}
