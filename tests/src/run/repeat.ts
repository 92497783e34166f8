import type { AnyNode, Node } from 'shakedown'
import { checkName, checkNode, makeNode } from '../../../src/nodes/node.ts'

/** A loop that goes round so many times: small, to prove that iterations have scopes of their own. */
export interface RepeatNode<I, O> extends Node<I, O> {
  readonly kind: 'repeat'
  readonly times: number
}

export function repeat(name: string, times: number, body: AnyNode): RepeatNode<number, number> {
  checkName(name, 'repeat')
  return makeNode({ shakedownNode: true, kind: 'repeat', name, times } as const, [
    { key: body.name, node: checkNode(body, `the body of repeat '${name}'`) },
  ])
}
