import { testName } from './outcome.ts'
import type { TestCase, TestModule } from 'vitest/node'
import type { CleanText } from './clean-text.ts'

/**
 * Names tests so that each of a file has one of its own: rows of a table whose title has no place for their values
 * are told apart by their number, `adds (row 2 of 3)`.
 */
export class TestNames {
  readonly #text: CleanText
  /** By test id, for names that occur more than once. */
  readonly #suffixes = new Map<string, string>()

  constructor(text: CleanText) {
    this.#text = text
  }

  /** Call it when all tests of a file are known. */
  collected(module: TestModule): void {
    const tests = [...module.children.allTests()]
    for (const namesakes of Map.groupBy(tests, ({ fullName }) => fullName).values()) {
      if (namesakes.length === 1) continue
      for (const [index, { id, options }] of namesakes.entries())
        this.#suffixes.set(id, ` (${options.each ? 'row ' : ''}${index + 1} of ${namesakes.length})`)
    }
  }

  of({ id, fullName }: TestCase): string {
    return testName(fullName, this.#text) + (this.#suffixes.get(id) ?? '')
  }
}
