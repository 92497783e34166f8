import { afterAll, expect, test, vi } from 'vitest'
import { parseFaultProgram } from '../../../harness/faults/text/parse.ts'
import { runScenario } from '../../../harness/run/run-scenario.ts'
import { scenario } from '../../../harness/scenario/builder.ts'
import { faultsOf } from '../../../harness/scenario/faults-of.ts'
import { parseScenarios } from '../../../harness/scenario/file/load.ts'
import type { Ports } from '../../../harness/scenario/ports.ts'

// Another file of this process may have loaded the modules already; here they are loaded anew, and counted.
vi.hoisted(() => vi.resetModules())
afterAll(() => vi.resetModules())

// Counted, not replaced.
vi.mock('../../../harness/faults/text/parse.ts', { spy: true })

/** The programs that were parsed meanwhile. */
async function parsedBy(work: () => unknown): Promise<string[]> {
  vi.mocked(parseFaultProgram).mockClear()
  await work()
  return vi.mocked(parseFaultProgram).mock.calls.map(([text]) => text)
}

const save = async (_: unknown, ports: Ports): Promise<number> => {
  await ports.fn('save', async () => 1)()
  return ports.fn('send', async () => 2)()
}
const YAML = `name: x
subject: ./a.ts#save
faults: { fn:save: delay(1), fn:send: delay(2) }
expect: { virtualMs: 3, calls: { fn:save: 1 } }
`

test('a fault program of a file is parsed once, from the file to the verdict', async () => {
  const parsed = await parsedBy(async () => {
    const [loaded] = parseScenarios(YAML, 'x.scenario.yaml')
    const verdict = await runScenario({ ...loaded!, subject: { kind: 'function', run: save as never } })
    expect(verdict).toMatchObject({ problems: [], faultsFired: 2 })
  })
  expect(parsed).toEqual(['delay(1)', 'delay(2)'])
})

test('a fault program of the builder is parsed once, however much is said after it', async () => {
  const parsed = await parsedBy(async () => {
    const built = scenario('x').subject(save).on('fn:save', 'delay(1)').on('fn:send', 'delay(2)')
    const more = built
      .input(1)
      .seed(7)
      .expect({ virtualMs: 3 })
      .expect({ calls: { 'fn:save': 1 } })
    expect(await runScenario(more)).toMatchObject({ problems: [], faultsFired: 2 })
  })
  expect(parsed).toEqual(['delay(1)', 'delay(2)'])
})

test('faults that come as data alone, from another process, are read from their text', () => {
  const [loaded] = parseScenarios(YAML, 'x.scenario.yaml')
  const sent = structuredClone(loaded!.spec)
  expect(faultsOf(sent)).toEqual(faultsOf(loaded!.spec))
})

test('what was read and its text cannot come apart', () => {
  const [loaded] = parseScenarios(YAML, 'x.scenario.yaml')
  expect(() => Object.assign(loaded!.spec.faults, { 'fn:save': 'off' })).toThrow(TypeError)
})
