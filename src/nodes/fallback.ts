import { ConfigurationError } from '../base/control.ts'
import { checkNode, type FallbackNode, type KnownNode, makeNode, type Node } from './node.ts'

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
  const known = checkNode(primary, 'the primary')
  const fallbackTo =
    rest.length === 0 ? checkNode(first, `the fallback of '${primary.name}'`) : makeFallback(first, rest)
  const node: FallbackNode<I, O> = {
    shakedownNode: true,
    kind: 'fallback',
    name: primary.name,
    primary: known,
    fallbackTo,
    defect: defectOf([...links(known), ...links(fallbackTo)]),
    fallback: (...more: readonly Node<I, unknown>[]) => makeFallback(node, more),
  }
  return makeNode(node)
}

/** The chain's parts in the order they would run. */
function links(node: KnownNode): KnownNode[] {
  return node.kind === 'fallback' ? [...links(node.primary), ...links(node.fallbackTo)] : [node]
}

function defectOf(chain: readonly KnownNode[]): string | undefined {
  const seen = new Set<KnownNode>()
  for (const link of chain) {
    if (seen.has(link)) return `Fallback loop detected for step '${link.name}'`
    seen.add(link)
  }
  return chain.length - 1 > CHAIN_LENGTH_MAX
    ? `Fallback chain exceeded maximum length (${CHAIN_LENGTH_MAX})`
    : undefined
}
