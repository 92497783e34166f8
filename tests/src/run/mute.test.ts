import { type AnyNode, type Node, step, type StepResult } from 'shakedown'
import { expect, test } from 'vitest'
import { createEngineOf } from '../../../src/engine.ts'
import { makeNode } from '../../../src/nodes/node.ts'
import { KINDS } from '../../../src/run/kinds.ts'
import type { Plan } from '../../../src/run/plan.ts'

/** A node that fails and does not say of what: results allow it, so that what reads them must. */
const mute: Node<unknown, never> = makeNode({ shakedownNode: true, kind: 'mute', name: 'mute' })

class MuteRunner implements Plan {
  static readonly events = [] as const
  readonly node: AnyNode
  readonly path: string

  constructor(node: AnyNode, path: string) {
    this.node = node
    this.path = path
  }

  children(): readonly [] {
    return []
  }

  history(result: StepResult): readonly StepResult[] {
    return [result]
  }

  execute(): Promise<StepResult> {
    return Promise.resolve({
      name: this.node.name,
      path: this.path,
      status: 'failed',
      success: false,
      output: undefined,
      feedback: 'gave up',
      error: null,
      attempts: 0,
      latencyMs: 0,
      usage: { costUsd: 0, tokens: 0 },
      metadata: {},
      children: {},
    })
  }
}

test('a fallback that fails without an error adds none to the error of the whole', async () => {
  const broken = step('broken', (): never => {
    throw new Error('no')
  })
  const { error } = await createEngineOf({ ...KINDS, mute: MuteRunner }).run(broken.fallback(mute), 1)
  expect(error).toMatchObject({
    message: 'Original error: no; Fallback error: gave up',
    errors: [{ message: 'no' }],
  })
})
