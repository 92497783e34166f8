import type { BoundaryCall, World } from '../../../src/index.ts'
import { FaultProgramError } from '../grammar/fault-errors.ts'
import type { Param } from '../grammar/param.ts'
import type { FaultStep } from '../grammar/program.ts'
import { got } from '../../../src/base/got.ts'

/**
 * A call that does nothing but reject. An act gives this instead of `Promise.reject(thrown)`, which no code handles yet
 * when it is made: Node notes that down and strikes it out again, and that costs more than the rest of the call.
 */
export class Rejection {
  readonly #thrown: unknown

  constructor(thrown: unknown) {
    this.#thrown = thrown
  }

  get thrown(): unknown {
    return this.#thrown
  }

  /** Asks nothing of the value, which may be a proxy that throws. */
  static is(value: unknown): value is Rejection {
    return typeof value === 'object' && value !== null && #thrown in value
  }
}

/** What an act gave, as the caller would have seen it. */
export function seen(given: unknown): unknown {
  return Rejection.is(given) ? Promise.reject(given.thrown) : given
}

/**
 * What a fault does to one call: gives back, throws or promises whatever the caller would have seen, or gives a
 * `Rejection`. `real` runs the real thing; a fault decides whether and when.
 */
export type Act = (call: BoundaryCall, real: () => unknown, world: World) => unknown

/**
 * One verb of the fault grammar, listed by the points that have it: the single source for parser, printer, builder,
 * suggestions and docs.
 */
export interface Verb {
  readonly name: string
  /** Positional parameters, required ones first. */
  readonly params: readonly Param[]
  /** Parameters given by name, in the order they are printed. */
  readonly options: readonly Param[]
  /** One line for the docs table. */
  readonly summary: string
  /** A program that parses, for docs and hints. */
  readonly example: string
  /** The `@ms` wait of this verb carries on when the call is aborted. */
  readonly ignoresAbort: boolean
  /** It does something to the answer of the real thing: where that fails by itself, the fault has nothing to act on. */
  readonly actsOnAnswer?: boolean
  /** Arguments that are right one by one but impossible together: which parameter is at fault, and what it should be. */
  readonly conflict?: (
    step: Pick<FaultStep, 'args' | 'named'>,
  ) => { param: string; expected: string } | undefined
  /**
   * What it does at a function that answers at once, without a promise. Absent, or giving `undefined`, where the fault has to
   * wait: there it cannot act.
   */
  readonly atOnce?: (step: FaultStep) => Act | undefined
  /** How it has to be written to act there. Default: by its name, whatever its arguments. */
  readonly atOnceUsage?: string
  /** Called once per plan, so that performing the fault does not read arguments again. The step has been checked. */
  readonly bind: (step: FaultStep) => Act
}

/** `status(code, retry-after=…, body=…)`: how the verb is written; optional positional parameters end in `?`. */
export function usageOf(verb: Verb): string {
  const parts = [
    ...verb.params.map((param) => (param.required ? param.name : `${param.name}?`)),
    ...verb.options.map((param) => `${param.name}=…`),
  ]
  return parts.length === 0 ? verb.name : `${verb.name}(${parts.join(', ')})`
}

/** A checked step's number at this position. */
export function numberArg(step: FaultStep, index: number): number {
  const value = step.args[index]
  if (typeof value === 'number') return value
  throw new FaultProgramError(
    `Expected argument ${index + 1} of \`${step.verb}\` to be a number, got ${got(value)}.`,
  )
}
