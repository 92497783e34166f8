import type { TestContext } from 'vitest'
import { runScenario } from '../../run/run-scenario.ts'
import { neverReached } from '../../run/judge/expect-marks.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import type { Verdict } from '../../scenario/verdict.ts'
import { frameAt, ScenarioFailure } from './scenario-failure.ts'

/**
 * Scenarios that are judged together: the rows of a table. Each is a test of its own; one more test asks for the marks
 * that must be reached somewhere among them (`sometimes`).
 */
export class Family {
  readonly #members = new Map<Scenario['spec'], () => Scenario>()
  readonly #reached = new Map<Scenario['spec'], Verdict['marks']>()

  /** @param member makes the scenario when it is needed; it throws for one whose subject cannot be had */
  add(spec: Scenario['spec'], member: () => Scenario): void {
    this.#members.set(spec, member)
  }

  /** What the run of a member has reached. */
  note(spec: Scenario['spec'], marks: Verdict['marks']): void {
    this.#reached.set(spec, marks)
  }

  /** The marks that its members name, each once. */
  get marks(): readonly string[] {
    return [...new Set([...this.#members.keys()].flatMap(({ expect }) => expect.sometimes ?? []))]
  }

  /**
   * Fails when one of the marks was reached by nobody. Members that have not run — others were chosen, or the order is
   * another one — run here: in a simulated world they reach what they reach in their own test.
   *
   * @throws ScenarioFailure
   */
  readonly test = async (_context: TestContext): Promise<void> => {
    const reached = new Map<string, number>()
    for (const [spec, member] of this.#members) {
      const marks = this.#reached.get(spec) ?? (await runScenario(member(), { replay: false })).marks
      for (const [name, times] of marks) reached.set(name, (reached.get(name) ?? 0) + times)
    }
    const missing = this.marks.filter((name) => !reached.has(name))
    if (missing.length === 0) return
    const [first] = this.#members.values()
    const sentences = missing.map(
      (name) =>
        `Expected the mark \`${name}\` to be reached by at least one of ${this.#members.size} scenarios, got none. ${neverReached(name, reached)}`,
    )
    throw new ScenarioFailure(sentences.join('\n'), frameAt(first?.().source, ['expect', 'sometimes']))
  }
}
