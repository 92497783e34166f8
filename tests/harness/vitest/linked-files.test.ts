import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { beforeEach, expect, test } from 'vitest'
import { parseReport } from '../../../reporters/report/parse.ts'
import { needs } from '../../support/systems.ts'
import { versions, VitestProject } from './vitest-project.ts'

beforeEach((context) => needs(context, 'posix', 'Windows makes links for administrators only'))

const YAML = 'name: linked\nsubject: ./subject.ts#send\nexpect: { output: 1 }\n'
const TYPESCRIPT = `import { scenario } from 'shakedown/harness'
import { send } from './subject.ts'
export default scenario('typed').subject(send).expect({ output: 1 })
`

test.for(versions)(
  'Vitest %s: a scenario file may be a link to a file of any name inside the project',
  { timeout: 60_000 },
  async (version) => {
    using project = new VitestProject('suite', version)
    mkdirSync(project.path('shared'))
    project.write('shared/subject.ts', 'export const send = (_, ports) => ports.fn("send", async () => 1)()')
    project.write('shared/base.yaml', YAML)
    project.write('shared/base.ts', TYPESCRIPT)
    mkdirSync(project.path('linked'))
    symlinkSync('../shared/base.yaml', project.path('linked/a.scenario.yaml'))
    symlinkSync('../shared/base.ts', project.path('linked/b.scenario.ts'))
    const { code, output } = await project.vitest('run', 'linked/')
    expect(output).toContain('2 passed')
    expect(code).toBe(0)
    const report = parseReport(readFileSync(project.path('.shakedown/report.json'), 'utf8'), 'report.json')
    const found = report.scenarios.items.map(({ file, name }) => `${file}: ${name}`)
    expect(found.toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'linked/a.scenario.yaml: linked',
      'linked/b.scenario.ts: typed',
    ])
  },
)
