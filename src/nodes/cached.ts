import { ConfigurationError } from '../base/control.ts'
import { optionProblems } from '../base/options.ts'
import * as z from '../base/zod.ts'
import { makeFallback, type Recoverable } from './fallback.ts'
import { checkNode, type InputOf, makeNode, type Node } from './node.ts'

/**
 * @example
 * const options: CacheOptions<string> = { ttlMs: 60_000, key: (topic) => topic.toLowerCase(), max: 500 }
 */
export interface CacheOptions<I> {
  /** How long an output is given again, in milliseconds of the world's clock from the moment it was there. */
  readonly ttlMs: number
  /**
   * What inputs have in common that may be given the same output; it is given a copy. What it throws fails the node. Default: the input
   * itself; one that cannot be written down exactly, such as one that holds a function, is never found again.
   */
  readonly key?: ((input: I) => string | PromiseLike<string>) | undefined
  /** Outputs that are kept; of more, the one goes that was asked for longest ago. 1 to 100 000; default 1 000. */
  readonly max?: number | undefined
}

/** The options of a cached node with every default filled in. */
export interface CachePolicy {
  readonly ttlMs: number
  readonly key: ((input: never) => string | PromiseLike<string>) | undefined
  readonly max: number
}

/**
 * A node whose successes are given again.
 *
 * @example
 * const quick: CachedNode<string, string> = cached(draft, { ttlMs: 60_000 })
 */
export interface CachedNode<I, O> extends Node<I, O>, Recoverable<I, O> {
  readonly kind: 'cached'
  readonly policy: CachePolicy
}

/** A year; who wants an output for longer wants a store. */
const TTL_MS_MAX = 365 * 24 * 60 * 60 * 1_000
const MAX_DEFAULT = 1_000
/** Each holds an output, of whatever size. */
const MAX_MOST = 100_000

const optionsSchema = z.strictObject({
  ttlMs: z.number().positive().max(TTL_MS_MAX),
  key: z
    .custom<(input: never) => string>(
      (value) => typeof value === 'function',
      'expected a function (input) => string',
    )
    .optional(),
  max: z.int().min(1).max(MAX_MOST).optional(),
})

/**
 * The same node, whose output is kept: for `ttlMs`, runs that give it the same key are given a copy of the output and
 * nothing runs; the result says `metadata.cacheHit`. Only successes are kept, also one through a fallback in it.
 *
 * What is kept belongs to the node that this returns and to the world of the engine: two nodes of one name share
 * nothing, and engines in one process share it all. Runs that miss at the same time each do the work themselves. What the
 * node wrote to the context is not done again.
 *
 * @throws ConfigurationError that lists everything wrong with what it is given
 *
 * @example
 * const quick = cached(draft.fallback(backup), { ttlMs: 60_000, key: (topic) => topic.toLowerCase() })
 */
export function cached<I, O>(node: Node<I, O>, options: CacheOptions<NoInfer<I>>): CachedNode<I, O> {
  const { name } = checkNode(node, 'what cached is given')
  const problems = optionProblems(optionsSchema, options, `cached '${name}'`)
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'))
  const policy: CachePolicy = {
    ttlMs: options.ttlMs,
    key: options.key,
    max: options.max ?? MAX_DEFAULT,
  }
  const made: CachedNode<I, O> = {
    shakedownNode: true,
    kind: 'cached',
    name,
    policy: Object.freeze(policy),
    fallback: (...others: readonly (Node<InputOf<Node<I, O>>, unknown> | undefined)[]) =>
      makeFallback(made, others),
  }
  return makeNode(made, [{ key: name, node }])
}
