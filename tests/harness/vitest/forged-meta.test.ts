import { expect, test } from 'vitest'
import { parseReport } from '../../../reporters/report/parse.ts'
import { VitestProject, versions } from './vitest-project.ts'

/** Starts a Vitest, on a machine that may be busy with other tests. */
const PATIENCE_MS = 60_000

const FORGED = `{ scenario: { name: 'all is well', problems: [], remarks: [], virtualMs: 0, wallMs: 0,
  attempts: 1, faultsFired: 1, runIds: [], digest: 'a' } }`

test.each(versions)(
  'Vitest %i: neither a test nor a hook puts its own words in place of what a scenario measured',
  async (version) => {
    using project = new VitestProject('failing-subjects', version)
    project.write(
      'a.test.ts',
      `import { test } from 'vitest'\ntest('is no scenario', ({ task }) => { task.meta.shakedown = ${FORGED} })`,
    )
    project.write(
      'b.scenario.ts',
      `import { scenario } from 'shakedown/harness'
import { afterEach } from 'vitest'
afterEach(({ task }) => { task.meta.shakedown = ${FORGED} })
export const held = scenario('is held to it').subject(async () => 'no').expect({ status: 'completed', output: 'yes' })`,
    )
    const { code } = await project.vitest('run', 'a.test', 'b.scenario')
    expect(code).toBe(1)
    const { scenarios, failures } = parseReport(project.read('.shakedown/report.json'), 'report.json')
    expect(scenarios.items).toMatchObject([{ name: 'is held to it', status: 'failed' }])
    // The hook is told: what it wrote to can only be read.
    expect(JSON.stringify(failures)).toContain('Cannot set property shakedown')
  },
  PATIENCE_MS,
)

test(
  'a remark says where in the scenario file it belongs',
  async () => {
    using project = new VitestProject('failing-subjects', 5)
    project.write('fails.ts', "export const fails = async () => { throw new Error('as it likes') }\n")
    project.write(
      'c.scenario.yaml',
      'name: any error will do\nsubject: ./fails.ts#fails\nexpect:\n  status: failed\n',
    )
    await project.vitest('run', 'c.scenario')
    const { remarks, scenarios } = parseReport(project.read('.shakedown/report.json'), 'report.json')
    const location = { file: 'c.scenario.yaml', line: 4, column: 3 }
    expect(remarks).toMatchObject([{ code: 'E_ANY_ERROR', test: 'any error will do', location }])
    expect(scenarios.items[0]?.remarks).toMatchObject([{ code: 'E_ANY_ERROR', location }])
  },
  PATIENCE_MS,
)
