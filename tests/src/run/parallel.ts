import type { AnyNode, Node } from 'shakedown'
import { checkName, checkNode, makeNode } from '../../../src/nodes/node.ts'

/** Branches that run at once over one input: small, to prove that a kind of node costs two files and one line. */
export interface ParallelNode<I, O> extends Node<I, O> {
  readonly kind: 'parallel'
}

export function parallel(
  name: string,
  branches: Readonly<Record<string, AnyNode>>,
): ParallelNode<number, never> {
  checkName(name, 'parallel')
  const children = Object.entries(branches).map(([branch, node]) => ({
    key: checkName(branch, 'branch'),
    node: checkNode(node, `branch '${branch}' of parallel '${name}'`),
  }))
  return makeNode({ shakedownNode: true, kind: 'parallel', name } as const, children)
}
