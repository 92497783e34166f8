import { type AnyNode, loop, type LoopNode, type Node } from 'shakedown'

/** A loop that goes round so many times and is done. */
export function repeat(name: string, times: number, body: AnyNode): LoopNode<number, number> {
  return loop(name, body as Node<number, number>, {
    until: (_, { iteration }) => iteration === times,
    maxIterations: times,
  })
}
