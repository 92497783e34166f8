import { ConfigurationError } from '../base/control.ts'
import { got } from '../base/got.ts'
import { TIMER_MS_MAX } from '../world/timer-delay.ts'

/**
 * When branches have come together: plain data, made by `all`, `quorum`, `bestEffort` and `first`.
 *
 * @example
 * const patient: JoinPolicy = quorum(2, { timeoutMs: 5_000 })
 */
export type JoinPolicy = AllPolicy | QuorumPolicy | BestEffortPolicy | FirstPolicy

/**
 * @example
 * const everyone: AllPolicy = all()
 */
export interface AllPolicy {
  readonly policy: 'all'
  readonly timeoutMs?: number | undefined
}

/**
 * @example
 * const majority: QuorumPolicy = quorum(2)
 */
export interface QuorumPolicy {
  readonly policy: 'quorum'
  readonly count: number
  readonly timeoutMs?: number | undefined
}

/**
 * @example
 * const quick: BestEffortPolicy = bestEffort({ timeoutMs: 2_000 })
 */
export interface BestEffortPolicy {
  readonly policy: 'best-effort'
  readonly timeoutMs: number
}

/**
 * @example
 * const fastest: FirstPolicy = first()
 */
export interface FirstPolicy {
  readonly policy: 'first'
}

/**
 * How long a join waits.
 *
 * @example
 * const limit: JoinTimeout = { timeoutMs: 5_000 }
 */
export interface JoinTimeout {
  /**
   * Milliseconds of the world's clock. It starts when the branches of a parallel node start; at a `join` node, when the
   * first item of a key arrives. Default: no limit.
   */
  readonly timeoutMs?: number | undefined
}

/**
 * Waits for every branch; one that is lost fails the join.
 *
 * @example
 * const both = parallel('both', { tone, facts }, { join: all({ timeoutMs: 60_000 }) })
 */
export function all(options: JoinTimeout = {}): AllPolicy {
  return Object.freeze({ policy: 'all' as const, ...timeoutOf(options, 'all()') })
}

/**
 * Waits for `count` branches; the others are cancelled. Fails as soon as so many can no longer come.
 *
 * @example
 * const majority = parallel('majority', { tone, facts, draft }, { join: quorum(2, { timeoutMs: 60_000 }) })
 */
export function quorum(count: number, options: JoinTimeout = {}): QuorumPolicy {
  return Object.freeze({ policy: 'quorum' as const, count, ...timeoutOf(options, 'quorum(count)') })
}

/**
 * Takes what has arrived in time, as long as it is anything at all.
 *
 * @example
 * const quick = parallel('quick', { tone, facts }, { join: bestEffort({ timeoutMs: 2_000 }) })
 */
export function bestEffort(options: { readonly timeoutMs: number }): BestEffortPolicy {
  return Object.freeze({
    policy: 'best-effort' as const,
    ...timeoutOf(options, 'bestEffort()'),
    timeoutMs: options.timeoutMs,
  })
}

/**
 * Takes the first branch that arrives; the others are cancelled.
 *
 * @example
 * const fastest = parallel('fastest', { tone, facts }, { join: first() })
 */
export function first(...given: readonly []): FirstPolicy {
  const [something]: readonly unknown[] = given
  if (something !== undefined)
    throw new ConfigurationError(
      `Expected first() to be given nothing, got ${got(something)}. With a time limit it is quorum(1, { timeoutMs }).`,
    )
  return Object.freeze({ policy: 'first' as const })
}

/**
 * `{ timeoutMs: undefined }` is no limit. What is no such option is found when the node is built.
 * @throws ConfigurationError for what are no options at all: nothing would be left of them by then
 */
function timeoutOf(options: JoinTimeout, of: string): JoinTimeout {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new ConfigurationError(`Expected the options of ${of} to be { timeoutMs }, got ${got(options)}.`)
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

/** The policy as the audit trail names it: `quorum(2)`. */
export function policyName(policy: JoinPolicy): string {
  return policy.policy === 'quorum' ? `quorum(${policy.count})` : policy.policy
}

/** A policy's time limit in milliseconds; `undefined` without one. */
export function timeoutOfPolicy(policy: JoinPolicy): number | undefined {
  return policy.policy === 'first' ? undefined : policy.timeoutMs
}

const FIELDS: Readonly<Record<JoinPolicy['policy'], readonly string[]>> = {
  all: ['policy', 'timeoutMs'],
  quorum: ['policy', 'count', 'timeoutMs'],
  'best-effort': ['policy', 'timeoutMs'],
  first: ['policy'],
}

/** What is wrong with a policy for so many branches, in sentences; nothing for one that can work. */
export function policyProblems(given: unknown, branches: number, where: string): readonly string[] {
  const policy = typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {}
  const kind = policy['policy']
  if (typeof kind !== 'string' || !Object.hasOwn(FIELDS, kind))
    return [
      `Expected the join of ${where} to be all(), quorum(count), bestEffort({ timeoutMs }) or first(), got ${got(given)}.`,
    ]
  const known = FIELDS[kind as JoinPolicy['policy']]
  const problems = Object.keys(policy)
    .filter((field) => !known.includes(field))
    .map((field) => `Unknown option \`${field}\` of the join of ${where}, which is ${kind}.`)
  const { count, timeoutMs } = policy
  if (kind === 'quorum' && !(Number.isInteger(count) && Number(count) >= 1 && Number(count) <= branches))
    problems.push(
      `Expected the quorum of ${where} to be an integer from 1 to ${branches}, which is how many branches it has, got ${got(count)}.`,
    )
  if (kind === 'best-effort' && timeoutMs === undefined)
    problems.push(`Expected the best-effort join of ${where} to have a \`timeoutMs\`, got nothing.`)
  if (timeoutMs !== undefined && !isTimeout(timeoutMs))
    problems.push(
      `Expected \`timeoutMs\` of the join of ${where} to be a number above 0, at most ${TIMER_MS_MAX}, got ${got(timeoutMs)}.`,
    )
  return problems
}

function isTimeout(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value <= TIMER_MS_MAX
}
