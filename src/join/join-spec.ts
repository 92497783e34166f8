import { got } from '../base/got.ts'
import { type JoinPolicy, policyProblems } from './join-policy.ts'

/**
 * What becomes of the outputs that arrived: `nested` puts each under its branch; `union` makes one object of their
 * fields, and the branch that is declared last wins; `select(branch)` takes one and nothing else.
 *
 * @example
 * const merge: JoinMerge = select('facts')
 */
export type JoinMerge<B extends string = string> = 'nested' | 'union' | Selected<B>

/**
 * @example
 * const facts: Selected<'facts'> = select('facts')
 */
export interface Selected<B extends string = string> {
  readonly select: B
}

/**
 * Goes on with what this branch brought; when it has not arrived, the join fails and takes no other in its place.
 *
 * @example
 * const checked = parallel('checked', { facts, tone }, { join: quorum(1), merge: select('facts') })
 */
export function select<B extends string>(branch: B): Selected<B> {
  return Object.freeze({ select: branch })
}

/**
 * What becomes of a branch that has not come in time: its token has failed, or is put into quarantine.
 *
 * @example
 * const missing: MissingBranch = 'quarantine'
 */
export type MissingBranch = 'fail' | 'quarantine'

/** How branches come together, with every default filled in. */
export interface JoinRule {
  readonly policy: JoinPolicy
  readonly merge: JoinMerge
  readonly missing: MissingBranch
}

/** A join as the coalescer knows it. */
export interface JoinSpec {
  /** Unique in its run. */
  readonly name: string
  /** In the order they are declared. */
  readonly branches: readonly string[]
  readonly policy: JoinPolicy
  readonly merge: JoinMerge
}

/** What a person can write of a join. */
export interface JoinSettings {
  readonly policy: unknown
  readonly merge: unknown
  readonly missing: unknown
}

/** Fewer than two have nothing to wait for. */
const BRANCHES_MIN = 2

/**
 * What is wrong with a join of these branches, in sentences; nothing for one that can work.
 * @param where whose join it is: `parallel 'reviews'`
 */
export function joinProblems(
  { policy, merge, missing }: JoinSettings,
  branches: readonly string[],
  where: string,
): readonly string[] {
  const problems = [...policyProblems(policy, branches.length, where)]
  if (branches.length < BRANCHES_MIN)
    problems.push(
      `Expected ${where} to join at least ${BRANCHES_MIN} branches, got ${branches.length === 0 ? 'none' : branches.length}.`,
    )
  if (merge !== 'nested' && merge !== 'union') {
    const selected = selectedOf(merge)
    if (selected === undefined)
      problems.push(
        `Expected \`merge\` of ${where} to be 'nested', 'union' or select(branch), got ${got(merge)}.`,
      )
    else if (!branches.includes(selected))
      problems.push(
        `Expected \`merge\` of ${where} to select one of its branches ${branches.join(', ')}, got ${got(selected)}.`,
      )
  }
  if (missing !== 'fail' && missing !== 'quarantine')
    problems.push(`Expected \`missing\` of ${where} to be 'fail' or 'quarantine', got ${got(missing)}.`)
  return problems
}

function selectedOf(merge: unknown): string | undefined {
  const selected =
    typeof merge === 'object' && merge !== null ? (merge as Partial<Selected>).select : undefined
  return typeof selected === 'string' ? selected : undefined
}
