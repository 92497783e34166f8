import { ConfigurationError } from '../base/control.ts'
import { got } from '../base/got.ts'

/**
 * A node of a pipeline: a frozen value that says what to do and knows nothing of how. `I` and `O` exist for the
 * compiler only, so that inputs and outputs infer through a whole pipeline.
 *
 * @example
 * const twice = <T>(node: Node<T, T>): Node<T, T> => pipeline('twice', node, node)
 */
export interface Node<I, O> {
  /** The brand of nodes; see `isNode`. */
  readonly shakedownNode: true
  /** A key of the table of kinds, e.g. `step`; says which runner executes the node. */
  readonly kind: string
  /** Non-empty, at most 200 characters, without `/` and `#`, which build paths. */
  readonly name: string
  /** Never set. */
  readonly types?: (input: I) => O
}

/**
 * A node of any types. `never` in, `unknown` out accepts every node.
 *
 * @example
 * const names = (nodes: readonly AnyNode[]): string[] => nodes.map(({ name }) => name)
 */
export type AnyNode = Node<never, unknown>

/**
 * What a node takes; of one of several nodes, what all of them take.
 *
 * @example
 * const topic: InputOf<typeof article> = 'tides'
 */
export type InputOf<N> = [N] extends [Node<infer I, unknown>] ? I : never
/**
 * @example
 * const print = (text: OutputOf<typeof article>): void => console.log(text.length)
 */
export type OutputOf<N> = N extends Node<never, infer O> ? O : never

/** A node inside another one. */
export interface ChildNode {
  /** What its path and its parent's results call it: its name, or that of its branch. */
  readonly key: string
  readonly node: AnyNode
}

/** Nodes our own builders made, with what is inside them: a hand-copied or patched look-alike is not among them. */
const genuine = new WeakMap<object, readonly ChildNode[]>()

const NAME_LENGTH_MAX = 200
/** What a name must be, in words. */
export const NODE_NAME_RULE: string = `text of 1 to ${NAME_LENGTH_MAX} characters without '/', '#' and control characters, other than '__proto__'`

/** Nodes with a join in them, with that join. */
const holding = new WeakMap<object, AnyNode>()

/**
 * Freezes and registers a new node.
 * @param children the nodes inside it, in the order they are declared
 * @throws ConfigurationError for a join inside anything but pipelines
 */
export function makeNode<N extends AnyNode>(node: N, children: readonly ChildNode[] = []): N {
  for (const child of children) {
    const join = holding.get(child.node)
    if (join === undefined) continue
    if (node.kind !== 'pipeline')
      throw new ConfigurationError(
        `Expected join '${join.name}' to be in pipelines alone, got it in ${node.kind} '${node.name}', which cannot go on for the one item that is left.`,
        { hint: 'Put the join before or after it.' },
      )
    holding.set(node, join)
  }
  if (node.kind === 'join') holding.set(node, node)
  genuine.set(Object.freeze(node), children)
  return node
}

/** The nodes inside a node, in the order they were declared. */
export function childrenOf(node: AnyNode): readonly ChildNode[] {
  return genuine.get(node) ?? []
}

/**
 * True for every node made by a builder such as `step` or `pipeline` — of this package's copy in this process.
 *
 * @example
 * isNode(article) // true
 * isNode({ ...article }) // false
 */
export function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && genuine.has(value)
}

/**
 * True for something that claims to be a node: genuine, of another copy of this package, or patched together.
 *
 * @example
 * const copied = { ...article }
 * if (looksLikeNode(copied) && !isNode(copied)) console.error('Two copies of shakedown are installed.')
 */
export function looksLikeNode(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'shakedownNode' in value
}

/** True for a name that a node can have: one that can be part of a path. */
export function isNodeName(name: string): boolean {
  return (
    name.trim() !== '' && name.length <= NAME_LENGTH_MAX && name !== '__proto__' && !/[/#\p{Cc}]/u.test(name)
  )
}

/** @throws ConfigurationError when a name could not be part of a path. */
export function checkName(name: unknown, kind: string): string {
  if (typeof name !== 'string' || !isNodeName(name)) {
    throw new ConfigurationError(
      `Expected the name of ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind} to be ${NODE_NAME_RULE}, got ${got(name)}.`,
    )
  }
  return name
}

/** @throws ConfigurationError when something that is not a node was given where one is needed. */
export function checkNode(value: unknown, where: string): AnyNode {
  if (!isNode(value)) {
    const found = looksLikeNode(value) ? 'a copy or an imitation of one' : got(value)
    throw new ConfigurationError(
      `Expected ${where} to be a node made by a builder such as step() or pipeline(), got ${found}.`,
    )
  }
  return value
}
