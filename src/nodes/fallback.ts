import { ConfigurationError } from '../base/control.ts'
import { type AnyNode, checkNode, makeNode, type Node } from './node.ts'

/** What can be given fallbacks. */
export interface Recoverable<I, O> {
  /**
   * The same work with fallbacks: when it has failed for good, the others run in turn, each with the original input,
   * until one succeeds. At most 10, and none twice; a pipeline among them is one fallback, whatever is in it. Outputs infer through three of different types; more have to be of one type.
   *
   * @example
   * const draft = step('draft', gpt).fallback(step('backup', gemini))
   */
  fallback<A>(a: Node<I, A>): FallbackNode<I, O | A>
  fallback<A, B>(a: Node<I, A>, b: Node<I, B>): FallbackNode<I, O | A | B>
  fallback<A, B, C>(a: Node<I, A>, b: Node<I, B>, c: Node<I, C>): FallbackNode<I, O | A | B | C>
  fallback<A>(...others: readonly Node<I, A>[]): FallbackNode<I, O | A>
}

/** A node with a fallback, which runs when `primary` has failed for good. */
export interface FallbackNode<I, O> extends Node<I, O>, Recoverable<I, O> {
  readonly kind: 'fallback'
  readonly primary: AnyNode
  readonly fallbackTo: AnyNode
  /** Why this chain can never run, found when it was built; `undefined` for a sound chain. */
  readonly defect: string | undefined
}

/** Longer chains are a mistake in every case seen; the limit is part of the contract. */
const CHAIN_LENGTH_MAX = 10

/** `a.fallback(b, c)` is `a.fallback(b.fallback(c))`: the chain nests to the right. */
export function makeFallback<I, O>(
  primary: Node<I, unknown>,
  others: readonly Node<I, unknown>[],
): FallbackNode<I, O> {
  const [first, ...rest] = others
  if (first === undefined)
    throw new ConfigurationError(`Expected .fallback() of '${primary.name}' to be given at least one node.`)
  checkNode(primary, 'the primary')
  checkNode(first, `the fallback of '${primary.name}'`)
  const fallbackTo = rest.length === 0 ? first : makeFallback(first, rest)
  const node: FallbackNode<I, O> = {
    shakedownNode: true,
    kind: 'fallback',
    name: primary.name,
    primary,
    fallbackTo,
    defect: defectOf([...links(primary), ...links(fallbackTo)]),
    fallback: (...more: readonly Node<I, unknown>[]) => makeFallback(node, more),
  }
  return makeNode(node, [
    { key: primary.name, node: primary },
    { key: fallbackTo.name, node: fallbackTo },
  ])
}

/** The chain's parts in the order they would run. */
function links(node: AnyNode): AnyNode[] {
  return isFallback(node) ? [...links(node.primary), ...links(node.fallbackTo)] : [node]
}

function isFallback(node: AnyNode): node is FallbackNode<never, unknown> {
  return node.kind === 'fallback'
}

function defectOf(chain: readonly AnyNode[]): string | undefined {
  const seen = new Set<AnyNode>()
  for (const link of chain) {
    if (seen.has(link)) return `Fallback loop detected for step '${link.name}'`
    seen.add(link)
  }
  return chain.length - 1 > CHAIN_LENGTH_MAX
    ? `Fallback chain exceeded maximum length (${CHAIN_LENGTH_MAX})`
    : undefined
}
