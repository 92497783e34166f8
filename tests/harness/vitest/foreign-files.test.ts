import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { versions, VitestProject } from './vitest-project.ts'

/** A line that no compiler can read, and would quote. */
const SECRET = 'root:x:0:0:a line of somebody else:/root'

/** A folder outside of every project. */
const outside = mkdtempSync(join(tmpdir(), 'shakedown-outside-'))
for (const name of ['passwd', 'module.ts', 'foreign.scenario.yaml', 'foreign.scenario.ts'])
  writeFileSync(join(outside, name), `${SECRET}\n`)
afterAll(() => rmSync(outside, { recursive: true }))

const subject = (module: string): string =>
  `name: reaches for ${module}\nsubject: ${JSON.stringify(`${module}#x`)}\n`
const away = join('..', basename(outside))

/** Ways out, by the scenario file that takes each. */
const WAYS_OUT: Readonly<Record<string, string>> = {
  'etc.scenario.yaml': subject('./../../../../../../../etc/passwd'),
  'text.scenario.yaml': subject(`./${away}/passwd`),
  'module.scenario.yaml': subject(`./${away}/module.ts`),
  'link.scenario.yaml': subject('./link.ts'),
  'folder.scenario.yaml': subject('./folder/module.ts'),
  'spelling.scenario.yaml': subject('./spelling.js'),
  'raw.scenario.yaml': subject('./link.ts?raw'),
  'escape.scenario.yaml': subject(`./%2e%2e/${basename(outside)}/module.ts`),
  'inside.scenario.yaml': subject('./.env'),
}

test.for(versions)(
  'Vitest %s: nothing of a file outside of the project is in any output, whatever a scenario names',
  { timeout: 60_000 },
  async (version) => {
    using project = new VitestProject('suite', version)
    for (const [name, text] of Object.entries(WAYS_OUT)) project.write(name, text)
    project.write('.env', `${SECRET}\n`)
    symlinkSync(join(outside, 'module.ts'), project.path('link.ts'))
    symlinkSync(join(outside, 'module.ts'), project.path('spelling.ts'))
    symlinkSync(outside, project.path('folder'))
    symlinkSync(join(outside, 'foreign.scenario.yaml'), project.path('linked.scenario.yaml'))
    symlinkSync(join(outside, 'foreign.scenario.ts'), project.path('typed.scenario.ts'))
    const { code, output } = await project.vitest(
      'run',
      '--no-isolate',
      '--maxWorkers=1',
      '--reporter=verbose',
      'scenario.',
    )
    const report = readFileSync(project.path('.shakedown/report.json'), 'utf8')
    expect(code).toBe(1)
    for (const name of Object.keys(WAYS_OUT)) expect(report).toContain(name)
    for (const text of [output, ...filesBelow(project.path('.shakedown'))])
      expect(text).not.toContain('somebody else')
    expect(report).toContain('to be inside ')
  },
)

test.for(versions)(
  'Vitest %s: a workspace shares subjects, and the setting widens the folder',
  { timeout: 60_000 },
  async (version) => {
    using project = new VitestProject('suite', version)
    mkdirSync(project.path('packages/a'), { recursive: true })
    project.write('packages/shared.ts', 'export const send = (_, ports) => ports.fn("send", async () => 1)()')
    const shared = 'name: shared\nsubject: ../shared.ts#send\nexpect: { output: 1 }\n'
    project.write('packages/a/shared.scenario.yaml', shared)
    project.write('packages/a/package.json', '{}')
    const run = (): ReturnType<VitestProject['vitest']> =>
      project.vitest('run', '--root', 'packages/a', '--config', project.path('vitest.config.ts'))
    const alone = await run()
    expect(alone.output).toContain('to be inside ')
    expect(alone.code).toBe(1)
    project.write('package.json', '{ "type": "module", "workspaces": ["packages/*"] }')
    expect((await run()).output).toContain('1 passed')
    project.write('package.json', '{ "type": "module" }')
    project.env['SHAKEDOWN_SCENARIO_ROOT'] = '.'
    expect((await run()).output).toContain('1 passed')
  },
)

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
}
