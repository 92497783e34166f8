import type { TestContext } from 'vitest'
import { runScenario } from '../../run/run-scenario.ts'
import { neverReached } from '../../run/judge/expect-marks.ts'
import { judgedTogether } from '../../run/judge/sometimes.ts'
import type { Scenario, Selection } from '../../scenario/scenario.ts'
import type { Verdict } from '../../scenario/verdict.ts'
import { failureOf, frameAt, ScenarioFailure } from './scenario-failure.ts'
import { skipIfAsked } from './selection.ts'
import { watchdogMs } from './watchdog.ts'

/** A scenario of a family: whether it runs, and how it is made when it is needed. */
interface Member {
  readonly scenario: () => Scenario
  readonly selection: Selection | undefined
}

// Captured at import: scenarios with global timers make `performance.now` virtual.
const realNowMs = performance.now.bind(performance)

/**
 * Scenarios that are judged together: the rows of a table. Each is a test of its own; one more test asks for the marks
 * that must be reached somewhere among them (`sometimes`). Skipped ones take no part in it.
 */
export class Family {
  readonly #members = new Map<Scenario['spec'], Member>()
  readonly #reached = new Map<Scenario['spec'], Verdict['marks']>()

  /** @param scenario makes it when it is needed; it throws for one whose subject cannot be had */
  add(spec: Scenario['spec'], scenario: () => Scenario, selection?: Selection): void {
    this.#members.set(spec, { scenario, selection })
    judgedTogether(spec)
  }

  /** What the run of a member has reached. */
  note(spec: Scenario['spec'], marks: Verdict['marks']): void {
    this.#reached.set(spec, marks)
  }

  /** The marks that its members name, each once; those of skipped ones where it is skipped itself. */
  get marks(): readonly string[] {
    const members = this.selection?.kind === 'skip' ? this.#members : this.#asked()
    return [...new Set([...members.keys()].flatMap(({ expect }) => expect.sometimes ?? []))]
  }

  /** Whether its test runs: not where no member does, and as the only one where a member is. */
  get selection(): Selection | undefined {
    const all = [...this.#members.values()].map(({ selection }) => selection)
    const only = all.find((each) => each?.kind === 'only')
    return only ?? (all.every((each) => each?.kind === 'skip') ? all[0] : undefined)
  }

  /**
   * Fails when one of the marks was reached by nobody. Members that have not run — others were chosen, or the order is
   * another one — run here: in a simulated world they reach what they reach in their own test.
   *
   * @throws ScenarioFailure
   */
  readonly test = async (context: TestContext): Promise<void> => {
    skipIfAsked(this.selection, context)
    const endsMs = realNowMs() + watchdogMs(context)
    const reached = new Map<string, number>()
    const stalled: string[] = []
    const members = this.#asked()
    for (const [spec, { scenario }] of members) {
      let marks = this.#reached.get(spec)
      if (marks === undefined) {
        const made = scenario()
        const verdict = await runScenario(made, {
          replay: false,
          watchdogMs: Math.max(1, endsMs - realNowMs()),
        })
        marks = verdict.marks
        if (verdict.status === 'stalled')
          stalled.push(`\`${spec.name}\` did not end: ${failureOf(verdict, made.source).message}`)
      }
      for (const [name, times] of marks) reached.set(name, (reached.get(name) ?? 0) + times)
    }
    const missing = this.marks.filter((name) => !reached.has(name))
    if (missing.length === 0) return
    const [first] = members.values()
    const source = first?.scenario().source
    const whole = source?.row === undefined ? 'list' : 'table'
    const sentences = missing.map(
      (name) => `No scenario of this ${whole} reached the mark \`${name}\`. ${neverReached(name, reached)}`,
    )
    throw new ScenarioFailure([...sentences, ...stalled].join('\n'), frameAt(source, ['expect', 'sometimes']))
  }

  #asked(): ReadonlyMap<Scenario['spec'], Member> {
    return new Map([...this.#members].filter(([, { selection }]) => selection?.kind !== 'skip'))
  }
}
