import { ConfigurationError } from '../base/control.ts'
import type { StepContext } from '../context/step-context.ts'
import type { StepPolicy } from '../policy/step-policy.ts'

/**
 * A node of a pipeline: a frozen value that says what to do and knows nothing of how. `I` and `O` exist for the
 * compiler only, so that inputs and outputs infer through a whole pipeline.
 */
export interface Node<I, O> {
  /** The brand of nodes; see `isNode`. */
  readonly shakedownNode: true
  readonly kind: 'step' | 'fallback' | 'pipeline'
  /** Non-empty, at most 200 characters, without `/` and `#`, which build paths. */
  readonly name: string
  /** Never set. */
  readonly types?: (input: I) => O
}

/** A unit of work. What it throws, or rejects with, fails the attempt. */
export type StepFunction<I, O> = (input: I, ctx: StepContext) => O | PromiseLike<O>

/** What can be given ways out. */
interface Recoverable<I, O> {
  /**
   * The same work with ways out: when it has failed for good, the others run in turn, each with the original input,
   * until one succeeds. At most 10, and none twice; a pipeline among them is one way out, whatever is in it. Outputs infer through three of different types; more have to be of one type.
   *
   * @example
   * const draft = step('draft', gpt).fallback(step('backup', gemini))
   */
  fallback<A>(a: Node<I, A>): FallbackNode<I, O | A>
  fallback<A, B>(a: Node<I, A>, b: Node<I, B>): FallbackNode<I, O | A | B>
  fallback<A, B, C>(a: Node<I, A>, b: Node<I, B>, c: Node<I, C>): FallbackNode<I, O | A | B | C>
  fallback<A>(...others: readonly Node<I, A>[]): FallbackNode<I, O | A>
}

export interface StepNode<I, O> extends Node<I, O>, Recoverable<I, O> {
  readonly kind: 'step'
  readonly run: StepFunction<I, O>
  readonly policy: StepPolicy
}

/** A node with ways out: `fallback` runs when `primary` has failed for good. */
export interface FallbackNode<I, O> extends Node<I, O>, Recoverable<I, O> {
  readonly kind: 'fallback'
  readonly primary: KnownNode
  readonly fallbackTo: KnownNode
  /** Why this chain can never run, found when it was built; `undefined` for a sound chain. */
  readonly defect: string | undefined
}

/** Nodes in sequence: each one's output is the next one's input. A pipeline is a node itself and may be nested. */
export interface PipelineNode<I, O> extends Node<I, O> {
  readonly kind: 'pipeline'
  readonly nodes: readonly KnownNode[]
}

/** A node whose types nobody needs to know. `never` in, `unknown` out accepts every node. */
export type AnyNode = Node<never, unknown>

/** The kinds of node, for exhaustive switches. */
export type KnownNode = StepNode<never, unknown> | FallbackNode<never, unknown> | PipelineNode<never, unknown>

export type InputOf<N> = N extends Node<infer I, unknown> ? I : never
export type OutputOf<N> = N extends Node<never, infer O> ? O : never

/** Nodes our own builders made: a hand-copied or patched look-alike is not among them. */
const genuine = new WeakSet()

const NAME_LENGTH_MAX = 200

/** Freezes and registers a new node. */
export function makeNode<N extends AnyNode>(node: N): N {
  genuine.add(Object.freeze(node))
  return node
}

/** True for every node made by `step`, `.fallback` or `pipeline` — of this package's copy in this process. */
export function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && genuine.has(value)
}

/** True for something that claims to be a node: genuine, of another copy of this package, or patched together. */
export function looksLikeNode(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'shakedownNode' in value
}

/** @throws ConfigurationError when a name could not be part of a path. */
export function checkName(name: unknown, kind: string): string {
  if (
    typeof name !== 'string' ||
    name.trim() === '' ||
    name.length > NAME_LENGTH_MAX ||
    name === '__proto__' ||
    /[/#\p{Cc}]/u.test(name)
  ) {
    throw new ConfigurationError(
      `Expected the name of a ${kind} to be text of 1 to ${NAME_LENGTH_MAX} characters without '/', '#' and control characters, got ${typeof name === 'string' ? JSON.stringify(name.slice(0, 80)) : typeof name}.`,
    )
  }
  return name
}

/** @throws ConfigurationError when something that is not a node was given where one is needed. */
export function checkNode(value: unknown, where: string): KnownNode {
  if (!isNode(value)) {
    const got = looksLikeNode(value) ? 'a copy or an imitation of one' : typeof value
    throw new ConfigurationError(
      `Expected ${where} to be a node made by step(), .fallback() or pipeline(), got ${got}.`,
    )
  }
  return value as KnownNode
}
