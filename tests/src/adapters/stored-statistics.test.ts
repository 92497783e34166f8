import {
  createEngine,
  createRegistry,
  functionAdapter,
  memoryAudit,
  openSqliteAuditReader,
  route,
} from 'shakedown'
import { expect, test } from 'vitest'
import { temporaryFile } from '../audit/temporary-file.ts'

test('what a file and a store in memory know of adapters is the same, and outlives the process that wrote it', async () => {
  const file = temporaryFile()
  const flaky = () => {
    let calls = 0
    return functionAdapter('flaky', async () => {
      if (++calls % 2 === 1) throw new Error('odd')
      return calls
    })
  }
  const never = functionAdapter('never', () => ({ success: false }))
  const registry = createRegistry([never, flaky()])
  const memory = memoryAudit()
  for (const audit of [file, memory]) {
    const engine = createEngine({ audit })
    const node = route('ask', { adapters: createRegistry([never, flaky()]), backoff: { baseMs: 0 } })
    for (let n = 0; n < 3; n++) await engine.run(node, { n })
    await engine.close()
  }
  const reader = openSqliteAuditReader(file)
  const uses = [...reader.adapterUses!(10)].map(([name, all]) => [
    name,
    all.map(({ success, attempts, fallback }) => [success, attempts, fallback]),
  ])
  // The first adapter's circuit breaker opens after five failures, so the second one is no fallback in the third run.
  expect(uses).toEqual([
    [
      'flaky',
      [
        [true, 2, true],
        [true, 2, true],
        [true, 2, false],
      ],
    ],
    [
      'never',
      [
        [false, 3, false],
        [false, 2, false],
      ],
    ],
  ])
  expect([...memory.adapterUses!(10).keys()].toSorted()).toEqual(['flaky', 'never'])
  expect(registry.statistics(reader)).toMatchObject([
    { adapter: 'never', failures: 2, attempts: { total: 5 } },
    { adapter: 'flaky', successes: 3, fallbacks: 2 },
  ])
  expect(reader.adapterUses!(1).get('flaky')).toHaveLength(1)
  reader.close()
})
