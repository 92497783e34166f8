import { ConfigurationError } from '../base/control.ts'
import type { StepContext } from '../context/step-context.ts'
import {
  DEFAULT_POLICY,
  policyOf,
  type Judges,
  type StepOptions,
  type StepPolicy,
} from '../policy/step-policy.ts'
import type { ChunkOf, Collected, StreamOptions } from '../policy/stream-policy.ts'
import { makeFallback, type Recoverable } from './fallback.ts'
import { checkName, makeNode, type Node } from './node.ts'
import { got } from '../base/got.ts'

/**
 * A unit of work. What it throws, or rejects with, fails the attempt.
 *
 * @example
 * const shout: StepFunction<string, string> = (text, ctx) => `${text.toUpperCase()}, said in attempt ${ctx.attempt}`
 */
export type StepFunction<I, O> = (input: I, ctx: StepContext) => O | PromiseLike<O>

/**
 * @example
 * const retries = (node: StepNode<string, string>): number => node.policy.retries
 */
export interface StepNode<I, O> extends Node<I, O>, Recoverable<I, O> {
  readonly kind: 'step'
  readonly run: StepFunction<I, O>
  readonly policy: StepPolicy
}

/**
 * A named unit of work. A function may give a stream, such as an `async function*` does: it is read to its end, and the
 * step's output is the list of its chunks, or what `collect` makes of them.
 *
 * @param name unique enough to recognise in a report; fault scripts name it as `step:NAME`
 * @param run `(input, ctx) => output`, sync or async; `ctx.signal` aborts when its result is no longer wanted
 * @throws ConfigurationError on an impossible name or option
 *
 * @example
 * const draft = step('draft', async (topic: string, ctx) => {
 *   const reply = await gpt(topic, { signal: ctx.signal })
 *   ctx.meter({ costUsd: reply.cost, tokens: reply.tokens })
 *   return reply.text
 * }, { retries: 2, timeoutMs: 5_000 })
 */
export function step<I = unknown, R = unknown, In = unknown, K = never>(
  name: string,
  run: (input: I, ctx: StepContext) => R,
  options?: StepOptions<Collected<Awaited<NoInfer<R>>, NoInfer<K>>, In, NoInfer<I>> &
    StreamOptions<ChunkOf<Awaited<NoInfer<R>>>, K> &
    Judges<Collected<Awaited<NoInfer<R>>, NoInfer<K>>, NoInfer<In>>,
): StepNode<I, Collected<Awaited<R>, NoInfer<K>>> {
  checkName(name, 'step')
  if (typeof run !== 'function') {
    throw new ConfigurationError(
      `Expected step '${name}' to be given a function (input, ctx) => output, got ${got(run)}.`,
    )
  }
  type Output = Collected<Awaited<R>, NoInfer<K>>
  const node: StepNode<I, Output> = {
    shakedownNode: true,
    kind: 'step',
    name,
    run: run as StepFunction<I, never>,
    policy: options === undefined ? DEFAULT_POLICY : policyOf(name, options),
    fallback: (...others: readonly (Node<I, unknown> | undefined)[]) => makeFallback(node, others),
  }
  return makeNode(node)
}
