import { FaultProgramError } from '../grammar/fault-errors.ts'
import { printFaultStep } from '../text/print.ts'
import type { FaultStep } from '../grammar/program.ts'
import { seen, type Act } from '../points/verb.ts'
import { findVerb, type PointKind } from '../points/points.ts'
import { waitDeaf, waitThen } from '../effects/waiting.ts'

/** A step of a program, ready to be performed any number of times. Made once per plan. */
export interface FaultAction {
  /** The pattern it was declared under, printed: `http:POST /orders`. */
  readonly pattern: string
  /** Which step of the program it is, from 0. */
  readonly index: number
  readonly step: FaultStep
  /** The step, printed: `3*reject(ECONNRESET)`. */
  readonly text: string
  /**
   * Does it. Time passes only through `world.clock.after`. A step with `@ms` always gives a promise, so `throw@50` rejects. Waits
   * of `delay` and `@ms` end with the signal's reason when the call is aborted and release their timer; `hang` at function
   * points, `late` and `lateReject` do not listen. `call.signal()` is called only by faults that listen.
   */
  readonly act: Act
  /** The same at a function that answers at once, without a promise; `undefined` where the fault has to wait. */
  readonly atOnce: Act | undefined
  /** It does something to the answer of the real thing. */
  readonly actsOnAnswer: boolean
  /** It hears no abort, whatever the real thing would hear. */
  readonly ignoresAbort: boolean
}

/** Makes the action of a checked step. @throws FaultProgramError when points of this kind do not have its verb */
export function makeAction(pattern: string, kind: PointKind, index: number, step: FaultStep): FaultAction {
  const verb = findVerb(step.verb, kind)
  if (verb === undefined)
    throw new FaultProgramError(`Expected a verb of ${kind} points, got \`${step.verb}\`.`)
  const act = verb.bind(step)
  const text = printFaultStep(step)
  const { ignoresAbort } = verb
  const actsOnAnswer = verb.actsOnAnswer === true
  if (step.afterMs === 0)
    return { pattern, index, step, text, act, atOnce: verb.atOnce?.(step), actsOnAnswer, ignoresAbort }
  const wait = ignoresAbort ? waitDeaf : waitThen
  return {
    pattern,
    index,
    step,
    text,
    act: (call, real, world) => wait(call, world, step.afterMs, () => seen(act(call, real, world))),
    atOnce: undefined,
    actsOnAnswer,
    ignoresAbort,
  }
}
