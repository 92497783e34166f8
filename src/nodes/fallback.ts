import { ConfigurationError } from '../base/control.ts'
import { type AnyNode, checkNode, childrenOf, makeNode, type Node } from './node.ts'

/** What can be given fallbacks. */
export interface Recoverable<I, O> {
  /**
   * The same work with fallbacks: when it has failed for good, the others run in turn, each with the original input,
   * until one succeeds. At most 10, and none twice; a pipeline among them is one fallback, whatever is in it.
   *
   * @example
   * const draft = step('draft', gpt).fallback(step('backup', gemini))
   */
  fallback<
    A,
    B = never,
    C = never,
    D = never,
    E = never,
    F = never,
    G = never,
    H = never,
    J = never,
    K = never,
  >(
    a: Node<I, A>,
    b?: Node<I, B>,
    c?: Node<I, C>,
    d?: Node<I, D>,
    e?: Node<I, E>,
    f?: Node<I, F>,
    g?: Node<I, G>,
    h?: Node<I, H>,
    j?: Node<I, J>,
    k?: Node<I, K>,
  ): FallbackNode<I, O | A | B | C | D | E | F | G | H | J | K>
}

/**
 * A node with a fallback, which runs when `primary` has failed for good.
 *
 * @example
 * const safe: FallbackNode<string, string> = draft.fallback(backup)
 */
export interface FallbackNode<I, O> extends Node<I, O>, Recoverable<I, O> {
  readonly kind: 'fallback'
  readonly primary: AnyNode
  readonly fallbackTo: AnyNode
  /** Why this chain can never run, found when it was built; `undefined` for a sound chain. */
  readonly defect: string | undefined
}

/** Longer chains are a mistake in every case seen; the limit is part of the contract. */
const CHAIN_LENGTH_MAX = 10

/** `a.fallback(b, c)` and `a.fallback(b).fallback(c)` are `a.fallback(b.fallback(c))`: a chain nests to the right. */
export function makeFallback<I, O>(
  primary: Node<I, unknown>,
  others: readonly (Node<I, unknown> | undefined)[],
): FallbackNode<I, O> {
  checkNode(primary, 'the primary')
  for (const [index, other] of others.entries())
    checkNode(
      other,
      index === 0 ? `the fallback of '${primary.name}'` : `fallback ${index + 1} of '${primary.name}'`,
    )
  const [first, ...rest] = others
  if (first === undefined)
    throw new ConfigurationError(`Expected .fallback() of '${primary.name}' to be given at least one node.`)
  if (isFallback(primary)) {
    const [head, next] = [primary.primary, primary.fallbackTo] as [Node<I, unknown>, Node<I, unknown>]
    return makeFallback(head, [next, ...others])
  }
  const fallbackTo = rest.length === 0 ? first : makeFallback(first, rest)
  const node: FallbackNode<I, O> = {
    shakedownNode: true,
    kind: 'fallback',
    name: primary.name,
    primary,
    fallbackTo,
    defect: defectOf([...links(primary), ...links(fallbackTo)]),
    fallback: (...more: readonly (Node<I, unknown> | undefined)[]) => makeFallback(node, more),
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

/** The first of the wanted nodes in a tree; a node that is in it twice is looked at once. */
function findInside(node: AnyNode, wanted: ReadonlySet<AnyNode>, seen: Set<AnyNode>): AnyNode | undefined {
  if (wanted.has(node)) return node
  if (seen.has(node)) return undefined
  seen.add(node)
  for (const child of childrenOf(node)) {
    const found = findInside(child.node, wanted, seen)
    if (found !== undefined) return found
  }
  return undefined
}

function isFallback(node: AnyNode): node is FallbackNode<never, unknown> {
  return node.kind === 'fallback'
}

/** A link that runs has seen every link before it fail; to run one of those again, also deep inside it, is a loop. */
function defectOf(chain: readonly AnyNode[]): string | undefined {
  const failed = new Set<AnyNode>()
  for (const link of chain) {
    const again = findInside(link, failed, new Set())
    if (again !== undefined) return `Fallback loop detected for step '${again.name}'`
    failed.add(link)
  }
  return chain.length - 1 > CHAIN_LENGTH_MAX
    ? `Fallback chain exceeded maximum length (${CHAIN_LENGTH_MAX})`
    : undefined
}
