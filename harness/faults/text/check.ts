import { FaultProgramError } from '../grammar/fault-errors.ts'
import { STEPS_MAX, TEXT_MAX, TIMES_MAX } from '../grammar/limits.ts'
import { acceptsValue, describeType, type Param } from '../grammar/param.ts'
import { printFaultProgram } from './print.ts'
import type { FaultProgram, FaultStep } from '../grammar/program.ts'
import { usageOf, type Verb } from '../points/verb.ts'
import { findVerb, kindsWith, type PointKind } from '../points/points.ts'
import { got } from '../../../src/base/got.ts'

/**
 * Holds a program given as a value to the rules its text is held to, so that every program can be printed, saved and
 * read again. Texts from `parseFaultProgram` need no check.
 * @throws FaultProgramError naming the step and argument, what was expected and what was got
 */
export function checkFaultProgram(program: FaultProgram, kind?: PointKind): void {
  const { steps } = program
  if (steps.length === 0 || steps.length > STEPS_MAX) {
    throw new FaultProgramError(`Expected a fault program of 1 to ${STEPS_MAX} steps, got ${steps.length}.`)
  }
  steps.forEach((step, index) => {
    checkFaultStep(step, kind)
    if (step.times === Infinity && index < steps.length - 1) {
      throw new FaultProgramError(`Expected nothing after a step that repeats forever, got another step.`)
    }
  })
  const { length } = printFaultProgram(program)
  if (length > TEXT_MAX) {
    throw new FaultProgramError(`Expected a fault program of at most ${TEXT_MAX} characters, got ${length}.`)
  }
}

/** The same for one step. @throws FaultProgramError */
export function checkFaultStep(step: FaultStep, kind?: PointKind): void {
  const verb = findVerb(step.verb, kind)
  if (verb === undefined) throw unknownVerb(step.verb, kind)
  mustHold(verb, 'percent', step.percent > 0 && step.percent <= 100, 'above 0 and up to 100', step.percent)
  const countable =
    step.times === Infinity || (Number.isInteger(step.times) && step.times >= 1 && step.times <= TIMES_MAX)
  mustHold(verb, 'times', countable, `an integer from 1 to ${TIMES_MAX}, or Infinity`, step.times)
  const lasts = step.sticky !== true || step.times === Infinity
  mustHold(verb, 'sticky', lasts, 'of a step that repeats forever', step.sticky)
  const duration = { kind: 'duration' } as const
  mustHold(verb, 'afterMs', acceptsValue(duration, step.afterMs), describeType(duration), step.afterMs)
  checkArgs(verb, step)
}

function checkArgs(verb: Verb, step: FaultStep): void {
  const extra = step.args[verb.params.length]
  mustHold(verb, 'arguments', extra === undefined, `at most ${verb.params.length} positional ones`, extra)
  verb.params.forEach((param, index) => checkArg(verb, param, step.args[index]))
  for (const name of Object.keys(step.named)) {
    const option = verb.options.find((known) => known.name === name)
    if (option === undefined)
      throw new FaultProgramError(`Expected ${verb.name} as \`${usageOf(verb)}\`, got \`${name}\`.`)
    checkArg(verb, { ...option, required: true }, step.named[name])
  }
  const conflict = verb.conflict?.(step)
  if (conflict !== undefined)
    mustHold(verb, conflict.param, false, conflict.expected, step.named[conflict.param])
}

function checkArg(verb: Verb, param: Param, value: unknown): void {
  if (value === undefined && !param.required) return
  mustHold(verb, param.name, acceptsValue(param.type, value), describeType(param.type), value)
}

function mustHold(verb: Verb, name: string, holds: boolean, expected: string, value: unknown): void {
  if (holds) return
  throw new FaultProgramError(
    `Expected \`${name}\` of fault \`${verb.name}\` to be ${expected}, got ${got(value)}.`,
  )
}

function unknownVerb(name: string, kind: PointKind | undefined): FaultProgramError {
  const kinds = kindsWith(name)
  const owner = kinds.length === 0 ? '' : `, a verb of ${kinds.join(' and ')} points`
  return new FaultProgramError(
    `Expected a verb${kind === undefined ? '' : ` of ${kind} points`}, got \`${name}\`${owner}.`,
  )
}
