import { makeAction, type FaultAction } from './action.ts'
import { checkFaultProgram } from '../text/check.ts'
import type { FaultProgram, FaultStep } from '../grammar/program.ts'
import type { PointPattern } from '../points/points.ts'

/** How far one step got. */
export interface StepCount {
  readonly action: FaultAction
  /** Calls that came to this step, drawn or not. */
  readonly calls: number
  /** Calls it acted on. */
  readonly fired: number
  /** `off` without a wait: counted, but nothing is done. */
  readonly passes: boolean
  /** Nothing comes after it, so it repeats. */
  readonly last: boolean
}

/** One step of a script while it is played. */
interface StepState extends StepCount {
  readonly step: FaultStep
  /** The step that takes over once this one is used up. */
  readonly next: StepState | undefined
  calls: number
  fired: number
}

/** One program being played against the calls of one pattern. */
export class Script {
  /** How far each step has got by now, in order. */
  readonly counts: readonly StepCount[]
  readonly #steps: readonly StepState[]
  #current: StepState

  /**
   * @param printed the pattern as text
   * @throws FaultProgramError when the program is not one for this kind of point
   */
  constructor({ kind }: Pick<PointPattern, 'kind'>, printed: string, program: FaultProgram) {
    checkFaultProgram(program, kind)
    const steps: StepState[] = []
    program.steps.reduceRight<StepState | undefined>((next, step, index) => {
      const action = makeAction(printed, kind, index, step)
      const passes = step.verb === 'off' && step.afterMs === 0
      const state = { step, action, passes, last: next === undefined, next, calls: 0, fired: 0 }
      steps.unshift(state)
      return state
    }, undefined)
    this.#steps = steps
    this.counts = steps
    this.#current = firstOf(steps)
  }

  /** Takes one call: what is to be done about it, or `undefined` when the real thing runs. */
  take(random: () => number): FaultAction | undefined {
    const state = this.#current
    state.calls += 1
    if (state.next !== undefined && state.calls >= state.step.times) this.#current = state.next
    if (!this.stuck && state.step.percent < 100 && random() * 100 >= state.step.percent) return undefined
    state.fired += 1
    return state.passes ? undefined : state.action
  }

  /** It has acted once and acts on whatever comes. */
  get stuck(): boolean {
    return this.#current.step.sticky === true && this.#current.fired > 0
  }

  reset(): void {
    for (const state of this.#steps) {
      state.calls = 0
      state.fired = 0
    }
    this.#current = firstOf(this.#steps)
  }
}

function firstOf(steps: readonly StepState[]): StepState {
  const [first] = steps
  if (first === undefined) throw new RangeError('a checked program has steps')
  return first
}
