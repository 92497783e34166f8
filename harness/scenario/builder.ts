import type { AnyNode, Node } from '../../src/index.ts'
import { fault, type Fault, type FaultDraft } from '../faults/fault.ts'
import type { StoredJson } from '../faults/grammar/json.ts'
import { printPointPattern } from '../faults/text/print.ts'
import {
  changed,
  checkSpec,
  checkSubject,
  pointOf,
  restarting,
  sourceOf,
  withFaults,
  type BuilderState,
} from './builder-state.ts'
import { captureCallSite } from './call-site.ts'
import type { Expectation } from './expectation.ts'
import { nothingExpected } from './nothing-expected.ts'
import type { Ports } from './ports.ts'
import { canonicalExpectation, canonicalFaults, readPoints } from './read-points.ts'
import type { Restart, Scenario, ScenarioSource, Selection, Subject } from './scenario.ts'
import type { AbortMoment, CallerSpec, PhaseSpec, ScenarioLimits, ScenarioSpec } from './spec.ts'

/**
 * A pipeline or step, or any function called as `(input, ports) => result`.
 *
 * @example
 * const subjects: readonly SubjectInput<string>[] = [article, (topic, ports) => ports.clock.sleep(topic.length)]
 */
export type SubjectInput<I> = Node<I, unknown> | ((input: I, ports: Ports) => unknown)

/**
 * A fault as text, as a value, or said on the spot: `f => f.times(3).reject('ECONNRESET')`.
 *
 * @example
 * const inputs: readonly FaultInput[] = ['3*reject', fault.times(3).reject(), (f) => f.times(3).reject()]
 */
export type FaultInput = string | Fault | ((fault: FaultDraft) => Fault)

/**
 * A scenario that does not say yet what it exercises.
 *
 * @example
 * const draftOf = (name: string): ScenarioDraft => scenario(name)
 */
export interface ScenarioDraft {
  /** @throws ScenarioFileError when it is neither a node nor a function */
  subject<I>(subject: SubjectInput<I>): ScenarioBuilder<I>
}

/**
 * Starts a scenario in code: the same value a `*.scenario.yaml` file makes. Every method gives back a new scenario,
 * so a common beginning can be kept and continued twice. `runScenario` takes it as it is, and `*.scenario.ts` files
 * export it.
 *
 * @example
 * export default scenario('retries ride out two resets')
 *   .subject(sendOrder)
 *   .input({ id: 7 })
 *   .on('http:POST /orders', fault.times(2).reset().next.off())
 *   .expect({ status: 'completed', calls: { 'http:POST /orders': 3 }, virtualMs: 300 })
 *
 * @throws ScenarioFileError from every method for what a scenario file could not say either
 */
export function scenario(name: string): ScenarioDraft {
  const start = captureCallSite()
  return {
    subject: <I>(subject: SubjectInput<I>) => {
      const written = { '': start, '/subject': captureCallSite() }
      const spec: ScenarioSpec = {
        name,
        faults: canonicalFaults([]),
        expect: {},
        seed: 1,
        http: 'ports',
      }
      const checked = checkSubject(subject, written['/subject'])
      checkSpec(spec, written, [])
      return new ScenarioBuilder<I>({ spec, subject: checked, written, selection: undefined })
    },
  }
}

/**
 * A scenario that can be run, and refined further.
 *
 * @example
 * const base: ScenarioBuilder<Order> = scenario('orders are sent').subject(sendOrder).input({ id: 7 })
 * const flaky = base.on('http:POST /orders', '2*reset -> off')
 */
export class ScenarioBuilder<I = unknown> implements Scenario {
  readonly #state: BuilderState

  /** Takes what has been checked: use `scenario(name).subject(…)`. */
  constructor(state: BuilderState) {
    this.#state = state
  }

  get spec(): ScenarioSpec {
    return this.#state.spec
  }

  get subject(): Subject {
    return this.#state.subject
  }

  get selection(): Selection | undefined {
    return this.#state.selection
  }

  /** Where the scenario's parts were written down. */
  get source(): ScenarioSource | undefined {
    return sourceOf(this.#state.written)
  }

  /** What the subject is called with: plain JSON data. */
  input(value: I): ScenarioBuilder<I> {
    return new ScenarioBuilder(
      changed(this.#state, { input: value as StoredJson }, ['input'], captureCallSite()),
    )
  }

  /**
   * Scripts what happens at a boundary point, call by call.
   * @param point `step:draft`, `http:POST /orders#2`, or a step itself
   */
  on(point: string | AnyNode, program: FaultInput): ScenarioBuilder<I> {
    const site = captureCallSite()
    const name = typeof point === 'string' ? point : pointOf(point, site)
    const text = typeof program === 'function' ? String(program(fault)) : String(program)
    const { mistakes, faults } = readPoints({ faults: { [name]: text } })
    const key = faults[0] === undefined ? name : printPointPattern(faults[0].pattern)
    const state = changed(this.#state, {}, ['faults', key], site, mistakes)
    return new ScenarioBuilder({ ...state, spec: withFaults(state.spec, faults) })
  }

  /** Seed of the simulated world, from 0 to 4 294 967 295. Default 1. */
  seed(seed: number): ScenarioBuilder<I> {
    return new ScenarioBuilder(changed(this.#state, { seed }, ['seed'], captureCallSite()))
  }

  /** How http faults reach the subject: through `ports.fetch` (default), or below any client by nock. */
  http(http: ScenarioSpec['http']): ScenarioBuilder<I> {
    return new ScenarioBuilder(changed(this.#state, { http }, ['http'], captureCallSite()))
  }

  /**
   * Whose timers run in virtual time: the global ones too (`global`; the default of functions), or only those of
   * `ports.clock` and of the engine (`ports`; the default of pipelines).
   */
  timers(timers: 'ports' | 'global'): ScenarioBuilder<I> {
    return new ScenarioBuilder(changed(this.#state, { timers }, ['timers'], captureCallSite()))
  }

  /**
   * When the caller leaves: `ports.signal`, or the signal of a pipeline's run, aborts.
   * @param moment after so many virtual milliseconds, `{ at: 'fn:save#2' }` or `{ during: 'backoff' }`
   */
  abort(moment: AbortMoment): ScenarioBuilder<I> {
    const { mistakes, abort } = readPoints({ abort: moment })
    return new ScenarioBuilder(
      changed(this.#state, { abort: abort ?? moment }, ['abort'], captureCallSite(), mistakes),
    )
  }

  /** Several callers of a function: so many at once, or a list. The output is then the list of what each of them got. */
  callers(given: number | readonly CallerSpec<I>[]): ScenarioBuilder<I> {
    const callers = given as number | readonly CallerSpec[]
    const { mistakes } = readPoints({ callers })
    return new ScenarioBuilder(changed(this.#state, { callers }, ['callers'], captureCallSite(), mistakes))
  }

  /** Groups of callers, one after the other; what the function keeps is kept between them. */
  phases(given: readonly PhaseSpec<I>[]): ScenarioBuilder<I> {
    const phases = given as readonly PhaseSpec[]
    const { mistakes } = readPoints({ phases })
    return new ScenarioBuilder(changed(this.#state, { phases }, ['phases'], captureCallSite(), mistakes))
  }

  /**
   * When the process dies: what it had called never comes back, and the function is called again with what `ports.store`
   * has kept.
   * @param moment after so many virtual milliseconds, `{ at: 'fn:send#2' }` or `{ during: 'backoff' }`
   * @param restart makes the function as a fresh process has it, without what the one before kept in memory
   */
  crash(moment: AbortMoment, restart: Restart): ScenarioBuilder<I> {
    const { mistakes } = readPoints({ crash: moment })
    const state = changed(this.#state, { crash: moment }, ['crash'], captureCallSite(), mistakes)
    return new ScenarioBuilder({ ...state, subject: restarting(state.subject, restart) })
  }

  /** The function may go on calling out after it has answered, as a cache that refreshes itself does. */
  background(): ScenarioBuilder<I> {
    return new ScenarioBuilder(changed(this.#state, { background: true }, ['background'], captureCallSite()))
  }

  /** A second execution with the same seed must leave the same trace: the default for pipelines, a remark for functions. */
  repeatable(repeatable = true): ScenarioBuilder<I> {
    return new ScenarioBuilder(changed(this.#state, { repeatable }, ['repeatable'], captureCallSite()))
  }

  /** Where the scenario is given up; what is left out has the default of `LIMITS`. */
  limits(limits: ScenarioLimits): ScenarioBuilder<I> {
    return new ScenarioBuilder(changed(this.#state, { limits }, ['limits'], captureCallSite()))
  }

  /** What must hold afterwards. Called again, it adds keys and replaces those given before. */
  expect(expectation: Expectation): ScenarioBuilder<I> {
    const site = captureCallSite()
    const expect = { ...this.spec.expect, ...expectation }
    const points = readPoints({ expect })
    const mistakes = [...points.mistakes, ...nothingExpected(expectation)]
    const { spec, ...state } = changed(this.#state, { expect }, ['expect'], site, mistakes)
    return new ScenarioBuilder({
      ...state,
      spec: { ...spec, expect: canonicalExpectation(spec.expect, points) },
    })
  }

  /** Runs only this one (and others that say so) of its file. */
  only(): ScenarioBuilder<I> {
    return new ScenarioBuilder({ ...this.#state, selection: { kind: 'only' } })
  }

  /** Does not run it; the reason is shown in reports. */
  skip(reason?: string): ScenarioBuilder<I> {
    return new ScenarioBuilder({ ...this.#state, selection: { kind: 'skip', reason } })
  }
}
