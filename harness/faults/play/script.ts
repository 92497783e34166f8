import { makeAction, type FaultAction } from './action.ts'
import { checkFaultProgram } from '../text/check.ts'
import { printPointPattern } from '../text/print.ts'
import type { FaultProgram, FaultStep } from '../grammar/program.ts'
import type { PointPattern } from '../points/points.ts'

/** One step of a script while it is played. */
interface StepState {
  readonly step: FaultStep
  readonly action: FaultAction
  /** `off` without a wait: counted, but nothing is done. */
  readonly passes: boolean
  /** The step that takes over once this one is used up; the last one has none and repeats. */
  readonly next: StepState | undefined
  /** Calls that came to this step, drawn or not. */
  calls: number
  /** Calls it acted on. */
  fired: number
}

/** How far one step got. */
export interface StepCount {
  readonly action: FaultAction
  readonly calls: number
  readonly fired: number
  readonly passes: boolean
  readonly last: boolean
}

/** One program being played against the calls of one pattern. */
export class Script {
  readonly #first: StepState
  #current: StepState

  /** @throws FaultProgramError when the program is not one for this kind of point */
  constructor(pattern: PointPattern, program: FaultProgram) {
    checkFaultProgram(program, pattern.kind)
    const printed = printPointPattern(pattern)
    const first = program.steps.reduceRight<StepState | undefined>((next, step, index) => {
      const action = makeAction(printed, pattern.kind, index, step)
      return { step, action, passes: step.verb === 'off' && step.afterMs === 0, next, calls: 0, fired: 0 }
    }, undefined)
    if (first === undefined) throw new RangeError('a checked program has steps')
    this.#first = first
    this.#current = first
  }

  /** Takes one call: what is to be done about it, or `undefined` when the real thing runs. */
  take(random: () => number): FaultAction | undefined {
    const state = this.#current
    state.calls += 1
    if (state.next !== undefined && state.calls >= state.step.times) this.#current = state.next
    if (state.step.percent < 100 && random() * 100 >= state.step.percent) return undefined
    state.fired += 1
    return state.passes ? undefined : state.action
  }

  reset(): void {
    for (let state: StepState | undefined = this.#first; state !== undefined; state = state.next) {
      state.calls = 0
      state.fired = 0
    }
    this.#current = this.#first
  }

  counts(): StepCount[] {
    const counts: StepCount[] = []
    for (let state: StepState | undefined = this.#first; state !== undefined; state = state.next) {
      const { action, calls, fired, passes, next } = state
      counts.push({ action, calls, fired, passes, last: next === undefined })
    }
    return counts
  }
}
