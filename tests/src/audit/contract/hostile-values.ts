import { createEngine, pipeline, step } from 'shakedown'
import { expect, test } from 'vitest'
import type { Open } from './store.ts'

export function hostileValues(open: Open): void {
  test('data shared thirty levels deep, and an output that throws when it is read, neither stop nor fail a run', async () => {
    const store = open()
    let graph: unknown = { leaf: 1 }
    for (let level = 0; level < 30; level++) graph = { a: graph, b: graph }
    const thrower = {
      get boom(): never {
        throw new Error('no')
      },
    }
    const node = pipeline(
      'hostile',
      step('share', async (_: unknown) => graph),
      step('throw', async (_: unknown) => thrower),
    )
    const result = await createEngine({ audit: store }).run(node, graph, { runId: 'r1' })
    expect(result).toMatchObject({ success: true, attempts: 2 })
    const { attemptRows = [] } = store.trail('r1') ?? {}
    expect(attemptRows[0]?.output).toMatchObject({ truncated: true })
    expect(attemptRows[1]?.output?.json).toBe('{"boom":"[unreadable: no]"}')
  })
}
