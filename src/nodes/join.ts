import { got } from '../base/got.ts'
import { optionProblems } from '../base/options.ts'
import * as z from '../base/zod.ts'
import type { DecisionContext } from '../context/decision-context.ts'
import { all, type AllPolicy, type JoinPolicy } from '../join/join-policy.ts'
import { type JoinMerge, joinProblems, type JoinRule, type MissingBranch } from '../join/join-spec.ts'
import type { JoinedOutput, MergeOf } from '../join/joined-output.ts'
import { branchNameProblems, ownNameProblems, refuse } from './branches.ts'
import { makeNode, type Node } from './node.ts'

/**
 * Reads from an item what a join wants to know of it: a text. It is given a copy of the item.
 *
 * @example
 * const key: ReadItem<{ order: string }> = (part) => part.order
 */
export type ReadItem<I> = (input: I, ctx: DecisionContext) => string | PromiseLike<string>

/**
 * @example
 * const options: JoinOptions<{ order: string; kind: 'bill' | 'parcel' }, 'bill' | 'parcel'> = {
 *   key: (part) => part.order,
 *   branch: (part) => part.kind,
 *   branches: ['bill', 'parcel'],
 *   policy: all({ timeoutMs: 60_000 }),
 * }
 */
export interface JoinOptions<I, B extends string> {
  /** What items have in common that belong together. Its time limit starts when the first of them arrives. */
  readonly key: ReadItem<I>
  /** Which branch an item is; what it reads is mostly any text to the compiler, and judged when it is read. */
  readonly branch: ReadItem<I>
  /** All branches there are, at least two, in the order in which they are merged. */
  readonly branches: readonly B[]
  /** When items of one key have come together. Default `all()`. */
  readonly policy?: JoinPolicy | undefined
  /** What becomes of what they hold. Default `nested`: by branch. */
  readonly merge?: JoinMerge | undefined
  /** What the record says becomes of branches that have not come in time. Default `fail`. */
  readonly missing?: MissingBranch | undefined
}

/**
 * Where items of one source meet.
 *
 * @example
 * const meet: JoinNode<{ order: string; kind: 'bill' | 'parcel' }, object> = join('meet', {
 *   key: (part: { order: string; kind: 'bill' | 'parcel' }) => part.order,
 *   branch: (part) => part.kind,
 *   branches: ['bill', 'parcel'],
 * })
 */
export interface JoinNode<I, O> extends Node<I, O> {
  readonly kind: 'join'
  readonly key: ReadItem<I>
  readonly branch: ReadItem<I>
  readonly branches: readonly string[]
  readonly rule: JoinRule
}

const readItem = z.custom<ReadItem<never>>(
  (value) => typeof value === 'function',
  'expected a function (input) => text',
)

const optionsSchema = z.strictObject({
  key: readItem,
  branch: readItem,
  branches: z.array(z.string()),
  // What is wrong with these is said together, once the branches are known.
  policy: z.unknown().optional(),
  merge: z.unknown().optional(),
  missing: z.unknown().optional(),
})

/**
 * Where items of `engine.runAll` meet that have one key: each waits until they have come together; one of them goes on
 * with what they merge to, the others end here as `coalesced`. Only in pipelines: what is around it would run once for
 * each of them. It takes no fallback, because a token that a join has failed is at its end.
 *
 * In `engine.run` the one item is all there is: the join is resolved as soon as it arrives.
 *
 * @throws ConfigurationError that lists everything wrong with it
 *
 * @example
 * const meet = join('meet', {
 *   key: (part: { order: string; kind: 'bill' | 'parcel' }) => part.order,
 *   branch: (part) => part.kind,
 *   branches: ['bill', 'parcel'],
 *   policy: quorum(1, { timeoutMs: 60_000 }),
 * })
 */
export function join<
  I,
  const B extends string,
  P extends JoinPolicy = AllPolicy,
  const M extends JoinMerge = 'nested',
>(
  name: string,
  options: JoinOptions<I, B> & {
    readonly policy?: P | undefined
    readonly merge?: (M & MergeOf<M, NoInfer<B>>) | undefined
  },
): JoinNode<I, JoinedOutput<Record<B, I>, P, M>> {
  const where = `join '${name}'`
  const { key, branch, branches, policy, merge, missing } = { ...options }
  const rule = { policy: policy ?? all(), merge: merge ?? 'nested', missing: missing ?? 'fail' } as const
  const listed: readonly B[] = Array.isArray(branches) ? branches : []
  refuse([
    ...ownNameProblems(name, 'join'),
    ...optionProblems(optionsSchema, options, where),
    ...listed.flatMap((each, at) =>
      listed.indexOf(each) === at
        ? branchNameProblems(each, where)
        : [`Expected the branches of ${where} to have different names, got ${got(each)} twice.`],
    ),
    ...joinProblems(rule, listed, where),
  ])
  return makeNode({
    shakedownNode: true,
    kind: 'join',
    name,
    key,
    branch,
    branches: Object.freeze([...branches]),
    rule: Object.freeze(rule),
  })
}
