import { FaultProgramError } from '../grammar/fault-errors.ts'
import { printArg } from '../grammar/param.ts'
import type { FaultProgram, FaultStep } from '../grammar/program.ts'
import { findVerb, type PointPattern } from '../points/points.ts'

/**
 * The canonical text of a program: `3*reject(ECONNRESET) -> off`. Parsing it gives back an equal program.
 * @throws FaultProgramError when a verb is unknown
 *
 * @example
 * printFaultProgram(parseFaultProgram('2 * reset->off')) // '2*reset -> off'
 */
export function printFaultProgram(program: FaultProgram): string {
  return program.steps.map(printFaultStep).join(' -> ')
}

/** The canonical text of one step. @throws FaultProgramError when its verb is unknown */
export function printFaultStep(step: FaultStep): string {
  const percent = step.percent === 100 ? '' : `${step.percent}%`
  const forever = step.sticky === true ? 'sticky' : 'inf'
  const times = step.times === 1 ? '' : `${step.times === Infinity ? forever : step.times}*`
  const after = step.afterMs === 0 ? '' : `@${step.afterMs}`
  const args = printArgs(step)
  return `${percent}${times}${step.verb}${args.length === 0 ? '' : `(${args.join(', ')})`}${after}`
}

/**
 * The canonical text of a pattern: `http:POST /orders#2`.
 *
 * @example
 * printPointPattern(parsePointPattern('http:post /orders#2')) // 'http:POST /orders#2'
 */
export function printPointPattern(pattern: Omit<PointPattern, 'kind'> & { readonly kind: string }): string {
  const { kind, name, nth, where } = pattern
  const call = `${kind}:${name}${nth === undefined ? '' : `#${nth}`}`
  return where === undefined ? call : `${call} where ${JSON.stringify(where)}`
}

function printArgs(step: FaultStep): string[] {
  const verb = findVerb(step.verb)
  if (verb === undefined) throw new FaultProgramError(`Expected a known verb, got \`${step.verb}\`.`)
  const printed: string[] = []
  verb.params.forEach((param, index) => {
    const value = step.args[index]
    if (value !== undefined) printed.push(printArg(param.type, value))
  })
  // `reject(ECONNRESET)`, not `reject(code=ECONNRESET)`: a bare word takes the first free place.
  const bare = verb.params[step.args.length]?.bareWord
  for (const { name, type } of verb.options) {
    const value = step.named[name]
    if (value === undefined) continue
    if (name === bare) printed.splice(step.args.length, 0, printArg(type, value))
    else printed.push(`${name}=${printArg(type, value)}`)
  }
  return printed
}
