import { expect, test } from 'vitest'
import { versions, VitestProject } from './vitest-project.ts'

const SCENARIOS = `import { expect, test } from 'vitest'
import { pipeline, retry, step } from 'shakedown'
import { runScenario, scenario } from 'shakedown/harness'

const send = async (order, ports) => {
  await ports.fn('save', async () => {})({ ...order, list: [1] })
  return { sent: order, list: [order] }
}
const base = scenario('of a function').subject(send).input({ id: 1, of: { city: 'Bern' } })

test('input, output and where', async () => {
  const { problems } = await runScenario(
    base.on('fn:save where {"of":{"city":"Bern"}}', 'return({"ok":true}) -> off').expect({
      output: { sent: { id: 1, of: { city: 'Bern' } }, list: [{ id: 1, of: { city: 'Bern' } }] },
      calls: { 'fn:save': { count: 1, inputs: [{ id: 1, of: { city: 'Bern' }, list: [1] }] } },
    }),
  )
  expect(problems).toEqual([])
})

test('a pipeline and its audit', async () => {
  const seen = []
  const draft = step('draft', async (order) => {
    seen.push(structuredClone(order))
    return { order: structuredClone(order) }
  })
  const verdict = await runScenario(
    scenario('of a pipeline').subject(draft).input({ id: 1 }).on('step:draft', 'off').expect({ status: 'completed', outputMatches: { order: { id: 1 } } }),
  )
  expect(verdict.problems).toEqual([])
  expect(verdict.output).toEqual({ order: { id: 1 } })
  expect(JSON.stringify(verdict.trails)).not.toContain('Object')
  expect(verdict.trails.length).toBeGreaterThan(0)
})
`

test.for(versions.flatMap((version) => ['vmThreads', 'vmForks'].map((pool) => [version, pool] as const)))(
  'Vitest %s --pool=%s: tests are in a realm of their own, and their data is plain',
  { timeout: 60_000 },
  async ([version, pool]) => {
    using project = new VitestProject('filters', version)
    project.write('vm.test.js', SCENARIOS)
    const { code, output } = await project.vitest('run', `--pool=${pool}`, 'vm.test.js')
    expect([code, output]).toEqual([0, expect.stringContaining('2 passed')])
  },
)
