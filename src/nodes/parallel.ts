import { optionProblems } from '../base/options.ts'
import * as z from '../base/zod.ts'
import { all, type AllPolicy, type JoinPolicy } from '../join/join-policy.ts'
import { type JoinMerge, joinProblems, type JoinRule, type MissingBranch } from '../join/join-spec.ts'
import type { JoinedOutput, MergeOf } from '../join/joined-output.ts'
import { CONTEXT_MERGES, type ContextMerge, type OnConflict } from '../join/merge-context.ts'
import { TIMER_MS_MAX } from '../world/timer-delay.ts'
import { type Branches, branchProblems, ownNameProblems, refuse } from './branches.ts'
import { makeFallback, type Recoverable } from './fallback.ts'
import { type AnyNode, type ChildNode, type InputOf, makeNode, type Node, type OutputOf } from './node.ts'

/**
 * What a failed branch means to a parallel node: its siblings are cancelled and waited for and the node fails, they
 * finish and the node fails, or the node completes with what the others gave.
 *
 * @example
 * const mode: OnBranchFailure = 'collect'
 */
export type OnBranchFailure = 'cancel' | 'collect' | 'ignore'

/**
 * @example
 * const options: ParallelOptions = { onBranchFailure: 'collect', concurrency: 4, include: ['language'] }
 */
export interface ParallelOptions {
  /** Default `cancel`. Not beside `join`, `merge` or `missing`, which decide themselves. */
  readonly onBranchFailure?: OnBranchFailure | undefined
  /** When the branches have come together; what is left of them is cancelled then. Default: see `onBranchFailure`. */
  readonly join?: JoinPolicy | undefined
  /** What becomes of the outputs that arrived. Default `nested`: by branch. */
  readonly merge?: JoinMerge | undefined
  /** What becomes of branches that have not come when the time of `join` is over. Default `fail`. */
  readonly missing?: MissingBranch | undefined
  /**
   * How long cancelled branches are waited for, in milliseconds of the world's clock from the moment the last branch
   * has its result. What is still running then is recorded as the event `abandoned`. Default 30 000.
   */
  readonly settleMs?: number | undefined
  /** How many branches run at once, in declared order. Default: all of them. */
  readonly concurrency?: number | undefined
  /** The keys of the context that branches see. Default: all of them. */
  readonly include?: readonly string[] | undefined
  /** How what the branches wrote to the context becomes the run's. Default `error-on-conflict`. */
  readonly context?: ContextMerge | undefined
  /**
   * Decides what a key holds that branches wrote different values to; instead of `context`. `undefined` removes the key.
   * What it throws fails the node.
   */
  readonly onConflict?: OnConflict | undefined
}

/** The options of a parallel node with every default filled in. */
export interface ParallelPolicy {
  readonly onBranchFailure: OnBranchFailure
  /** `undefined` without a policy of its own: then `onBranchFailure` says what the branches come to. */
  readonly join: JoinRule | undefined
  readonly settleMs: number
  readonly concurrency: number
  readonly include: readonly string[] | undefined
  readonly context: ContextMerge
  readonly onConflict: OnConflict | undefined
}

/**
 * Branches that run at once over one input.
 *
 * @example
 * const both: ParallelNode<string, { tone: number; facts: boolean }> = parallel('reviews', { tone, facts })
 */
export interface ParallelNode<I, O> extends Node<I, O>, Recoverable<I, O> {
  readonly kind: 'parallel'
  readonly policy: ParallelPolicy
}

/**
 * What branches give, by branch.
 *
 * @example
 * const outputs: OutputsOf<{ tone: typeof tone; facts: typeof facts }> = { tone: 3, facts: true }
 */
export type OutputsOf<B extends Branches> = { -readonly [K in keyof B]: OutputOf<B[K]> }

/** Under `ignore` the branches that failed have no key. */
type GivenOutputs<
  B extends Branches,
  F extends OnBranchFailure,
  P extends JoinPolicy,
  M extends JoinMerge,
> = F extends 'ignore' ? Partial<OutputsOf<B>> : JoinedOutput<OutputsOf<B>, P, M>

/** Long enough for a call that heeds its signal, short enough that a deaf one does not hold up a build. From the contract. */
const SETTLE_MS_DEFAULT = 30_000
/** More would list the whole context; keys are text of a person's. */
const INCLUDED_MAX = 10_000

const optionsSchema = z.strictObject({
  onBranchFailure: z.enum(['cancel', 'collect', 'ignore']).optional(),
  // What is wrong with these is said together, once the branches are known.
  join: z.unknown().optional(),
  merge: z.unknown().optional(),
  missing: z.unknown().optional(),
  settleMs: z.number().min(0).max(TIMER_MS_MAX).optional(),
  concurrency: z.int().min(1).optional(),
  include: z.array(z.string()).max(INCLUDED_MAX).optional(),
  context: z.enum(CONTEXT_MERGES).optional(),
  onConflict: z
    .custom<OnConflict>(
      (value) => typeof value === 'function',
      'expected a function (key, base, values) => value',
    )
    .optional(),
})

/**
 * Runs branches at once over one input, each with a copy of it and a context of its own, and gives an object of what
 * each branch gave, in the order they are declared.
 *
 * @param branches nodes by the name of their branch
 * @throws ConfigurationError that lists everything wrong with its name, its branches and its options
 *
 * @example
 * const both = parallel('reviews', { tone, facts }, { onBranchFailure: 'collect' })
 * const reviewed = pipeline('reviewed', draft, both, step('sum', (given) => `${given.tone} ${given.facts}`))
 */
export function parallel<
  B extends Branches,
  const F extends OnBranchFailure = 'cancel',
  P extends JoinPolicy = AllPolicy,
  const M extends JoinMerge = 'nested',
>(
  name: string,
  branches: B,
  options: ParallelOptions & {
    readonly onBranchFailure?: F | undefined
    readonly join?: P | undefined
    readonly merge?: (M & MergeOf<M, keyof B & string>) | undefined
  } = {},
): ParallelNode<InputOf<B[keyof B]>, GivenOutputs<B, F, P, M>> {
  const where = `parallel '${name}'`
  const problems = [
    ...ownNameProblems(name, 'parallel'),
    ...branchProblems(branches, where),
    ...optionProblems(optionsSchema, options, where),
  ]
  if (options?.context !== undefined && options.onConflict !== undefined)
    problems.push(`Expected \`context\` or \`onConflict\` of ${where}, got both.`)
  const join = joinOf(options, Object.keys(branches ?? {}), where, problems)
  refuse(problems)
  const node: ParallelNode<InputOf<B[keyof B]>, GivenOutputs<B, F, P, M>> = {
    shakedownNode: true,
    kind: 'parallel',
    name,
    policy: policyOf(options, join),
    fallback: (...others: readonly (Node<InputOf<B[keyof B]>, unknown> | undefined)[]) =>
      makeFallback(node, others),
  }
  return makeNode(
    node,
    Object.entries(branches).map(([key, branch]): ChildNode => ({ key, node: branch as AnyNode })),
  )
}

/** The rule of its join, if the options say anything of one; adds what is wrong with it. */
function joinOf(
  options: ParallelOptions,
  branches: readonly string[],
  where: string,
  problems: string[],
): JoinRule | undefined {
  // Own ones: options that are no object are among the problems already, and a list has a `join` of another kind.
  const { join, merge, missing, onBranchFailure } = { ...options }
  if (join === undefined && merge === undefined && missing === undefined) return undefined
  const rule: JoinRule = { policy: join ?? all(), merge: merge ?? 'nested', missing: missing ?? 'fail' }
  problems.push(...joinProblems(rule, branches, where))
  if (onBranchFailure !== undefined)
    problems.push(
      `Expected \`onBranchFailure\` of ${where} without \`join\`, \`merge\` and \`missing\`, which decide what a lost branch means, got both.`,
    )
  return Object.freeze(rule)
}

function policyOf(options: ParallelOptions, join: JoinRule | undefined): ParallelPolicy {
  return Object.freeze({
    onBranchFailure: options.onBranchFailure ?? 'cancel',
    join,
    settleMs: options.settleMs ?? SETTLE_MS_DEFAULT,
    concurrency: options.concurrency ?? Infinity,
    include: options.include === undefined ? undefined : Object.freeze([...options.include]),
    context: options.context ?? 'error-on-conflict',
    onConflict: options.onConflict,
  })
}
