import { afterAll, expect, test, vi } from 'vitest'
import { parsePoint, parsePointPattern } from '../../../harness/faults/text/point-pattern.ts'
import { runScenario } from '../../../harness/run/run-scenario.ts'
import { parseScenarios } from '../../../harness/scenario/file/load.ts'
import type { Ports } from '../../../harness/scenario/ports.ts'

// Another file of this process may have loaded the modules already; here they are loaded anew, and counted.
vi.hoisted(() => vi.resetModules())
afterAll(() => vi.resetModules())

// Counted, not replaced.
vi.mock('../../../harness/faults/text/point-pattern.ts', { spy: true })

const save = async (_: unknown, ports: Ports): Promise<void> => {
  const step = ports.fn('save', async () => 1)
  await step()
  await step()
  await ports
    .fn('send', async () => 2)()
    .catch(() => {})
}
const YAML = `name: x
subject: ./a.ts#save
faults: { fn:send: reject(ECONNRESET) }
abort: { at: fn:save#2 }
expect: { calls: { fn:save: 2, 'fn:send': { count: 1 } }, order: [fn:save, fn:save, fn:send] }
`

test('points of an expectation and of a moment are parsed when they are read and first judged, and never again', async () => {
  const [loaded] = parseScenarios(YAML, 'x.scenario.yaml')
  const run = () => runScenario({ ...loaded!, subject: { kind: 'function', run: save as never } })
  const first = await run()
  vi.mocked(parsePoint).mockClear()
  vi.mocked(parsePointPattern).mockClear()
  const again = await run()
  expect(again.problems).toEqual(first.problems)
  expect(again.calls).toHaveLength(3)
  expect(vi.mocked(parsePoint).mock.calls.length + vi.mocked(parsePointPattern).mock.calls.length).toBe(0)
})

test('a point that cannot be read is refused where the data comes from elsewhere', async () => {
  const [loaded] = parseScenarios(YAML, 'x.scenario.yaml')
  const spec = { ...loaded!.spec, expect: { calls: { 'fn:save#2': 1 } } }
  const run = runScenario({ spec, subject: { kind: 'function', run: save as never } })
  await expect(run).rejects.toThrow('Expected')
})
