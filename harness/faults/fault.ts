import { checkFaultProgram, checkFaultStep } from './text/check.ts'
import { FaultProgramError } from './grammar/fault-errors.ts'
import { isMapping, type StoredJson } from './grammar/json.ts'
import { printFaultProgram } from './text/print.ts'
import type { FaultProgram, FaultStep } from './grammar/program.ts'
import { usageOf, type Verb } from './points/verb.ts'
import { listVerbs, type PointVerbs } from './points/points.ts'

/**
 * A fault program made in code; `String(fault)` is its text. Immutable, so it can be kept and continued twice.
 *
 * @example
 * const twice: Fault = fault.times(2).reset()
 * String(twice) // '2*reset'
 */
export interface Fault {
  readonly program: FaultProgram
  /** Goes on to the next step. After `forever()` there is none: its verb would throw. */
  readonly next: FaultDraft
  /** The program's canonical text. */
  toString(): string
}

/**
 * A step that has no verb yet. Each verb ends the step; whichever modifier is repeated, the last one counts.
 *
 * @example
 * const half = (from: FaultDraft): Fault => from.percent(50).reject('ECONNRESET')
 */
export interface FaultDraft extends PointVerbs<Fault> {
  /** How many calls the step takes. Default 1; the last step of a program repeats anyway. */
  times(count: number): FaultDraft
  /** The step takes every further call: `inf*`. */
  forever(): FaultDraft
  /** The same, and once it has acted it acts on every further call, whatever `percent` or `where` says: `sticky*`. */
  sticky(): FaultDraft
  /** Chance, above 0 and up to 100, that a call of this step is faulted. Default 100. */
  percent(chance: number): FaultDraft
  /** Virtual milliseconds to wait before the fault acts: `@ms`. Default 0. */
  afterMs(delayMs: number): FaultDraft
}

type Modifiers = Pick<FaultStep, 'percent' | 'times' | 'afterMs' | 'sticky'>

/** An error message of this form is meant as a code, in text as a bare word. */
const ERRNO_LIKE = /^E[A-Z0-9_]+$/
const UNMODIFIED: Modifiers = { percent: 100, times: 1, afterMs: 0 }

/**
 * Where every fault made in code starts. Reads like the text it prints, and makes the same value.
 *
 * @example
 * ```ts
 * fault.times(2).reset().next.off() // 2*reset -> off
 * fault.forever().reject('quota used up', { retryable: false }) // inf*reject("quota used up", retryable=false)
 * fault.status(429, { 'retry-after': 3 }) // status(429, retry-after=3)
 * ```
 * @throws FaultProgramError from every method for an argument that no text could have said
 */
export const fault: FaultDraft = draft([], UNMODIFIED)

function draft(done: readonly FaultStep[], modifiers: Modifiers): FaultDraft {
  const verbs = Object.fromEntries(
    listVerbs().map((verb) => [
      verb.name,
      (...given: unknown[]) => finish(done, toStep(verb, modifiers, given)),
    ]),
  )
  // The registries are typed by the interfaces' keys, so the verbs are complete; their arguments are checked in `finish`.
  return Object.freeze({
    ...verbs,
    times: (times: number) => draft(done, { ...modifiers, times }),
    forever: () => draft(done, { ...modifiers, times: Infinity }),
    sticky: () => draft(done, { ...modifiers, times: Infinity, sticky: true }),
    percent: (percent: number) => draft(done, { ...modifiers, percent }),
    afterMs: (afterMs: number) => draft(done, { ...modifiers, afterMs }),
  }) as unknown as FaultDraft
}

function finish(done: readonly FaultStep[], step: FaultStep): Fault {
  checkFaultStep(step)
  // Copied once checked: an argument that is changed later does not change the program.
  const copy = Object.freeze({
    ...step,
    args: structuredClone(step.args),
    named: structuredClone(step.named),
  })
  const program: FaultProgram = Object.freeze({ steps: Object.freeze([...done, copy]) })
  checkFaultProgram(program)
  return Object.freeze({
    program,
    get next() {
      return draft(program.steps, UNMODIFIED)
    },
    toString: () => printFaultProgram(program),
  })
}

/** Sorts what a verb was called with into positional and named arguments; `finish` checks the result. */
function toStep(verb: Verb, modifiers: Modifiers, given: readonly unknown[]): FaultStep {
  const args = given.slice(0, verb.params.length)
  while (args.length > 0 && args.at(-1) === undefined) args.pop()
  const named = toNamed(verb, given.slice(verb.params.length))
  const code = verb.params[args.length - 1]?.bareWord
  const last = args.at(-1)
  if (code !== undefined && typeof last === 'string' && ERRNO_LIKE.test(last) && named[code] === undefined) {
    named[code] = last
    args.pop()
  }
  // Not yet known to be JSON: that is what the check is for.
  return {
    ...modifiers,
    verb: verb.name,
    args: args as StoredJson[],
    named: named as Record<string, StoredJson>,
  }
}

function toNamed(verb: Verb, rest: readonly unknown[]): Record<string, unknown> {
  const [named, ...more] = rest
  if (more.length > 0 || (named !== undefined && (!isMapping(named) || verb.options.length === 0))) {
    throw new FaultProgramError(
      `Expected the arguments of fault \`${usageOf(verb)}\`, got ${verb.params.length + rest.length}.`,
    )
  }
  return Object.fromEntries(Object.entries(named ?? {}).filter(([, value]) => value !== undefined))
}
