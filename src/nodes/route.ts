import { EXPLORATION_SHARE, PROFILES, type AdaptiveProfile } from '../adapters/adaptive-order.ts'
import type { AnyAdapter } from '../adapters/adapter.ts'
import {
  type AdapterRegistry,
  type AnyRegistry,
  makeRegistry,
  registryParts,
  type ResultOf,
  type TaskOf,
} from '../adapters/registry.ts'
import { adapterProblems, registryShape, type RegistryOptions } from '../adapters/registry-options.ts'
import { ConfigurationError } from '../base/control.ts'
import { optionProblems } from '../base/options.ts'
import * as z from '../base/zod.ts'
import type { QuotaEstimate } from '../policy/quota.ts'
import {
  backoffOf,
  backoffSchema,
  DEFAULT_POLICY,
  estimateOption,
  type StepOptions,
  type StepPolicy,
  timeoutSchema,
} from '../policy/step-policy.ts'
import { adapterNode } from './adapter.ts'
import { makeFallback, type Recoverable } from './fallback.ts'
import { checkName, makeNode, type Node } from './node.ts'

/** In which order adapters are tried where nobody wrote one for this call. */
export type RouteStrategy = 'declared' | 'adaptive' | 'least-loaded'

/** Data about a task, or a function of the task that gives it; what it throws fails the route. */
type OfTask<T, V> = V | ((task: T) => V | PromiseLike<V>)

/**
 * How a task finds its adapter. The options of a registry count only where `adapters` is a list.
 *
 * @example
 * const options: RouteOptions<Order> = { maxAttempts: 2, timeoutMs: 30_000, strategy: 'adaptive', profile: 'critical' }
 */
export interface RouteOptions<T = never> extends RegistryOptions {
  /** Attempts at one adapter, the first one included. 1 to 101; default 3. */
  readonly maxAttempts?: number | undefined
  /** Waits between attempts at one adapter: 100 ms × 2^(n − 1) after the n-th, at most 60 s. None after the last. */
  readonly backoff?: StepOptions<unknown>['backoff']
  /** Milliseconds one attempt may take. Default: no limit. */
  readonly timeoutMs?: number | undefined
  /** Whether a failure deserves another attempt at the same adapter, as of a step. */
  readonly retryIf?: ((thrown: unknown) => boolean) | undefined
  /** What one attempt is expected to cost, as of a step, where the run has a quota. Default: nothing. */
  readonly estimate?: QuotaEstimate | ((task: T) => QuotaEstimate) | undefined
  /** The task's type, which has an order of its own. Default: its field `type`. */
  readonly type?: OfTask<T, string | undefined> | undefined
  /** What the task needs of an adapter's `capabilities`. Default: its field `requires`. */
  readonly requires?: OfTask<T, readonly string[] | undefined> | undefined
  /** The order for this task; it is kept as it is. Default: the task's field `preferenceOrder`, else that of its type. */
  readonly order?: OfTask<T, readonly string[] | undefined> | undefined
  /** Default `declared`. */
  readonly strategy?: RouteStrategy | undefined
  /** What `adaptive` looks for. Default `default`. */
  readonly profile?: AdaptiveProfile | undefined
  /** Share of tasks that `adaptive` begins with another adapter than the best. 0 to 1; default 0.05. */
  readonly explorationShare?: number | undefined
}

/** A route's policy with every default filled in. */
export interface RoutePolicy extends Required<
  Pick<RouteOptions, 'strategy' | 'profile' | 'explorationShare'>
> {
  readonly strategy: RouteStrategy
  readonly profile: AdaptiveProfile
  readonly explorationShare: number
  readonly attempts: StepPolicy
  readonly type: OfTask<never, string | undefined> | undefined
  readonly requires: OfTask<never, readonly string[] | undefined> | undefined
  readonly order: OfTask<never, readonly string[] | undefined> | undefined
}

/**
 * A task that one of several adapters does.
 *
 * @example
 * const ask: RouteNode<{ prompt: string }, string> = route('ask', { adapters: [local] })
 */
export interface RouteNode<T, R> extends Node<T, R>, Recoverable<T, R> {
  readonly kind: 'route'
  readonly registry: AnyRegistry
  readonly policy: RoutePolicy
}

const ATTEMPTS_DEFAULT = 3
const ATTEMPTS_MAX = 101
const TEXT_LENGTH_MAX = 200

const callable = z.custom<(task: never) => never>(
  (value) => typeof value === 'function',
  'expected a function',
)
const listOfTexts = z.array(z.string().max(TEXT_LENGTH_MAX)).max(TEXT_LENGTH_MAX)

const ownShape = {
  // Looked at by itself, with words of its own.
  adapters: z.unknown().optional(),
  maxAttempts: z.int().min(1).max(ATTEMPTS_MAX).optional(),
  backoff: backoffSchema.optional(),
  timeoutMs: timeoutSchema.optional(),
  retryIf: callable.optional(),
  estimate: estimateOption.optional(),
  type: z.union([z.string().max(TEXT_LENGTH_MAX), callable]).optional(),
  requires: z.union([listOfTexts, callable]).optional(),
  order: z.union([listOfTexts.min(1), callable]).optional(),
  strategy: z.enum(['declared', 'adaptive', 'least-loaded']).optional(),
  profile: z.enum(Object.keys(PROFILES) as [AdaptiveProfile]).optional(),
  explorationShare: z.number().min(0).max(1).optional(),
}

const optionsSchema = z.strictObject({ ...ownShape, ...registryShape })

/**
 * Gives each task to the adapters of an order, one after the other, until one has done it: several attempts at each with waits
 * between them, none at one whose circuit breaker is open, that is unhealthy, or that lacks what the task requires. Gives what
 * the adapter gave; `routeFacts` of the result says which one it was and what was tried.
 *
 * @throws ConfigurationError that lists everything wrong with its name, its adapters and its options
 *
 * @example
 * const ask = route('ask', { adapters: [prefect, agno], maxAttempts: 2, timeoutMs: 30_000 })
 * const result = await createEngine().run(ask, { prompt: 'tides' })
 * console.log(routeFacts(result)?.adapter)
 */
export function route<const A extends readonly AnyAdapter[]>(
  name: string,
  options: RouteOptions<TaskOf<A>> & { readonly adapters: A },
): RouteNode<TaskOf<A>, ResultOf<A>>
export function route<T, R>(
  name: string,
  options: Omit<RouteOptions<T>, keyof RegistryOptions> & { readonly adapters: AdapterRegistry<T, R> },
): RouteNode<T, R>
export function route(
  name: string,
  options: RouteOptions & { readonly adapters: readonly AnyAdapter[] | AnyRegistry },
): RouteNode<never, unknown> {
  checkName(name, 'route')
  const registry = registryOf(name, options)
  const policy = policyOf(options)
  const adapters = registryParts(registry)?.adapters ?? new Map<string, AnyAdapter>()
  const node: RouteNode<never, unknown> = {
    shakedownNode: true,
    kind: 'route',
    name,
    registry,
    policy,
    fallback: (...others: readonly (Node<never, unknown> | undefined)[]) => makeFallback(node, others),
  }
  return makeNode(
    node,
    [...adapters].map(([key, adapter]) => ({ key, node: adapterNode(key, adapter, policy.attempts) })),
  )
}

/** @throws ConfigurationError */
function registryOf(name: string, options: RouteOptions & { readonly adapters: unknown }): AnyRegistry {
  const where = `route '${name}'`
  const problems = [...optionProblems(optionsSchema, options, where)]
  const adapters = options?.adapters
  if (registryParts(adapters) === undefined) problems.push(...adapterProblems(adapters, where))
  else
    for (const key of Object.keys(registryShape) as (keyof RegistryOptions)[])
      if (options[key] !== undefined)
        problems.push(
          `Expected \`${key}\` of ${where} to be given to createRegistry, whose registry it uses.`,
        )
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'))
  if (registryParts(adapters) !== undefined) return adapters as AnyRegistry
  const { orders, defaultOrder, breaker, health } = options
  return makeRegistry(adapters as readonly AnyAdapter[], { orders, defaultOrder, breaker, health })
}

function policyOf(options: RouteOptions): RoutePolicy {
  const {
    maxAttempts = ATTEMPTS_DEFAULT,
    backoff,
    timeoutMs,
    retryIf,
    estimate,
    type,
    requires,
    order,
  } = options
  return Object.freeze({
    strategy: options.strategy ?? 'declared',
    profile: options.profile ?? 'default',
    explorationShare: options.explorationShare ?? EXPLORATION_SHARE,
    attempts: Object.freeze({
      ...DEFAULT_POLICY,
      retries: maxAttempts - 1,
      backoff: backoffOf(backoff),
      timeoutMs,
      retryIf,
      estimate,
    }),
    type,
    requires,
    order,
  })
}
