import { optionProblems } from '../base/options.ts'
import * as z from '../base/zod.ts'
import type { LoopContext } from '../context/decision-context.ts'
import { nodeProblems, ownNameProblems, refuse } from './branches.ts'
import { makeFallback, type Recoverable } from './fallback.ts'
import { isNode, makeNode, type Node } from './node.ts'

/**
 * How a loop goes round: `I` goes into the loop, `BI` into its body, `BO` comes out of its body and `R` out of the loop.
 *
 * @example
 * const options: LoopOptions<string, string> = { until: (text) => text.endsWith('.'), maxIterations: 5 }
 */
export interface LoopOptions<BI, BO, I = BI, R = BO> {
  /**
   * Asked after each completed iteration, once; `true` ends the loop. It sees what the iteration wrote to the context.
   * What it throws, and anything but a boolean, fails the loop (`until_failed`).
   */
  readonly until: (output: BO, ctx: LoopContext) => boolean | PromiseLike<boolean>
  /** 1 to 1 000 000. A loop that has gone round so often and has not met its condition fails (`max_iterations`). */
  readonly maxIterations: number
  /** What the first iteration is given. Default: the loop's input. */
  readonly initialInput?: ((input: I, ctx: LoopContext) => BI | PromiseLike<BI>) | undefined
  /** What the next iteration is given; never asked after the last one. Default: the output of the one before. */
  readonly nextInput?: ((output: BO, ctx: LoopContext) => BI | PromiseLike<BI>) | undefined
  /** What the loop gives, asked once its condition is met. Default: the output of the last iteration. */
  readonly output?: ((output: BO, ctx: LoopContext) => R) | undefined
}

/** The mappers that a loop cannot do without: those between types that do not fit. */
export type NeededMappers<BI, BO, I, R> = Needed<I, BI, 'initialInput'> &
  Needed<BO, BI, 'nextInput'> &
  Needed<BO, Awaited<R>, 'output'>

type Needed<From, To, K extends string> = [From] extends [To]
  ? unknown
  : { readonly [key in K]: (value: From, ctx: LoopContext) => To | PromiseLike<To> }

/** A loop's options as its runner reads them. */
export interface LoopPolicy {
  readonly until: ((output: never, ctx: LoopContext) => unknown) | undefined
  readonly maxIterations: number
  readonly initialInput: Mapper | undefined
  readonly nextInput: Mapper | undefined
  readonly output: Mapper | undefined
}

/** Makes one value of another. */
export type Mapper = (value: never, ctx: LoopContext) => unknown

/**
 * A body that is run again and again.
 *
 * @example
 * const polished: LoopNode<string, string> = loop('polish', draft, { until: (text) => text.length > 500, maxIterations: 3 })
 */
export interface LoopNode<I, O> extends Node<I, O>, Recoverable<I, O> {
  readonly kind: 'loop'
  readonly policy: LoopPolicy
}

/** A loop keeps every iteration's result; a million of one step each take about 150 MB. */
const ITERATIONS_MAX = 1_000_000

const callable = z.custom<Mapper>(
  (value) => typeof value === 'function',
  'expected a function (value, ctx) => …',
)

/** The options that every node which goes round has. */
export const loopShape = {
  maxIterations: z.int().min(1).max(ITERATIONS_MAX),
  initialInput: callable.optional(),
  nextInput: callable.optional(),
  output: callable.optional(),
}

const optionsSchema = z.strictObject({ ...loopShape, until: callable })

/**
 * Runs its body until a condition is met. Each iteration is given the output of the one before and works on a context of
 * its own, whose changes count once it has completed. The result's `metadata.exitReason` says why it ended.
 *
 * @throws ConfigurationError that lists everything wrong with its name, its body and its options
 *
 * @example
 * const polished = loop('polish', step('edit', (text: string) => `${text}!`), {
 *   until: (text, { iteration }) => text.length > 20 || iteration === 3,
 *   maxIterations: 5,
 * })
 */
export function loop<BI, BO, I = BI, R = BO>(
  name: string,
  body: Node<BI, BO>,
  options: LoopOptions<NoInfer<BI>, NoInfer<BO>, I, R> & NeededMappers<BI, BO, NoInfer<I>, NoInfer<R>>,
): LoopNode<I, Awaited<R>> {
  const where = `loop '${name}'`
  refuse([
    ...ownNameProblems(name, 'loop'),
    ...nodeProblems(body, `the body of ${where}`),
    ...(isNode(options)
      ? [`Expected the options of ${where} after its body, got a node: loop(name, body, options).`]
      : optionProblems(optionsSchema, options, where)),
  ])
  const node: LoopNode<I, Awaited<R>> = {
    shakedownNode: true,
    kind: 'loop',
    name,
    policy: loopPolicy(options),
    fallback: (...others: readonly (Node<I, unknown> | undefined)[]) => makeFallback(node, others),
  }
  return makeNode(node, [{ key: body.name, node: body }])
}

/** Options that were found to be fine, as the runner reads them. */
export function loopPolicy(
  options: Partial<Pick<LoopPolicy, 'until' | 'initialInput' | 'nextInput' | 'output'>> &
    Pick<LoopPolicy, 'maxIterations'>,
): LoopPolicy {
  const { until, maxIterations, initialInput, nextInput, output } = options
  return Object.freeze({ until, maxIterations, initialInput, nextInput, output })
}
