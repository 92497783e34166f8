import { got } from '../base/got.ts'
import { optionProblems } from '../base/options.ts'
import { valueAt } from '../base/value-at.ts'
import * as z from '../base/zod.ts'
import type { DecisionContext } from '../context/decision-context.ts'
import { type AnyBranch, type Branches, branchProblems, ownNameProblems, refuse } from './branches.ts'
import { makeFallback, type Recoverable } from './fallback.ts'
import { type AnyNode, isNode, makeNode, type InputOf, type Node, type OutputOf } from './node.ts'

/**
 * Picks the branch that runs, by its name. What it throws fails the node.
 *
 * @example
 * const byLength: Selector<string, 'short' | 'long'> = (topic) => (topic.length < 20 ? 'short' : 'long')
 */
export type Selector<I, K extends string> = (input: I, ctx: DecisionContext) => K | PromiseLike<K>

/**
 * @example
 * const options: ChooseOptions<typeof draft> = { otherwise: draft }
 */
export interface ChooseOptions<D extends AnyBranch = AnyNode> {
  /** Runs when there is no branch of the selected name. Default: the node fails. */
  readonly otherwise?: D | undefined
}

/**
 * One of several nodes over one input.
 *
 * @example
 * const written: ChooseNode<string, string> = choose('length', (topic) => (topic === '' ? 'none' : 'some'), {
 *   none: step('none', () => ''),
 *   some: draft,
 * })
 */
export interface ChooseNode<I, O> extends Node<I, O>, Recoverable<I, O> {
  readonly kind: 'choose'
  readonly select: Selector<never, string>
}

/** The key of the node that runs when there is no branch of the selected name. */
export const OTHERWISE = 'otherwise'

const optionsSchema = z.strictObject({
  otherwise: z
    .custom<AnyNode>(isNode, 'expected a node made by a builder such as step() or pipeline()')
    .optional(),
})

/**
 * Runs one of its branches: the one whose name `select` gives. The result says which in `metadata.chosen` and has it in
 * `children`; the others do not run.
 *
 * @param select `(input, ctx) => name`; it is given a copy of the input, and may be async
 * @param branches nodes by name; the choice takes what all of them take
 * @throws ConfigurationError that lists everything wrong with its name, its branches and its options
 *
 * @example
 * const written = choose('length', (topic: string) => (topic.length < 20 ? 'short' : 'long'), {
 *   short: draft,
 *   long: pipeline('long', draft, step('twice', (text) => text + text)),
 * })
 */
export function choose<const B extends Branches, I extends InputOf<B[keyof B]> = InputOf<B[keyof B]>>(
  name: string,
  select: Selector<I, keyof B & string>,
  branches: B,
  options?: { readonly otherwise?: undefined },
): ChooseNode<I, OutputOf<B[keyof B]>>
/** With `otherwise` the selector may give any name. */
export function choose<
  const B extends Branches,
  D extends AnyBranch,
  I extends InputOf<B[keyof B] | D> = InputOf<B[keyof B] | D>,
>(
  name: string,
  select: Selector<I, string>,
  branches: B,
  options: { readonly otherwise: D },
): ChooseNode<I, OutputOf<B[keyof B] | D>>
export function choose(
  name: string,
  select: Selector<never, string>,
  branches: Branches,
  options: ChooseOptions = {},
): ChooseNode<never, unknown> {
  const where = `choose '${name}'`
  refuse([
    ...ownNameProblems(name, 'choose'),
    ...(typeof select === 'function'
      ? []
      : [`Expected the selector of ${where} to be a function (input, ctx) => name, got ${got(select)}.`]),
    ...branchProblems(branches, where),
    ...optionProblems(optionsSchema, options, where),
    ...(isTakenTwice(branches, options)
      ? [`Expected no branch of ${where} to be called '${OTHERWISE}', which is what \`otherwise\` is called.`]
      : []),
  ])
  const { otherwise } = options
  const ways = Object.entries(branches as Readonly<Record<string, AnyNode>>)
  const node: ChooseNode<never, unknown> = {
    shakedownNode: true,
    kind: 'choose',
    name,
    select,
    fallback: (...others: readonly (Node<never, unknown> | undefined)[]) => makeFallback(node, others),
  }
  return makeNode(node, [
    ...ways.map(([key, branch]) => ({ key, node: branch })),
    ...(otherwise === undefined ? [] : [{ key: OTHERWISE, node: otherwise }]),
  ])
}

function isTakenTwice(branches: unknown, options: unknown): boolean {
  return isGiven(branches, OTHERWISE) && isGiven(options, OTHERWISE)
}

function isGiven(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && valueAt(value, [key]) !== undefined
}
