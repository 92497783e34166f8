import { beforeEach, expect, test } from 'vitest'
import { needs } from '../../support/systems.ts'
import { CliProject } from './cli-project.ts'
import { unwrapped } from './one-screen.ts'

beforeEach((context) => needs(context, 'posix', 'Windows moves no file that is open'))

/** Each of these starts a Vitest in a process of its own, on a machine that may be busy with other tests. */
const PATIENCE_MS = 60_000

/** A project with two tests that pass, and something done to the report folder by the second or after both. */
function tamperingProject(where: 'test' | 'teardown', tamper: string): CliProject {
  const project = new CliProject()
  const imports = `
    import { execFileSync } from 'node:child_process'
    import * as fs from 'node:fs'
    const journal = () => '.shakedown/journal/' + fs.readdirSync('.shakedown/journal').find((name) => name.endsWith('.jsonl'))
    const tamper = () => { ${tamper} }
  `
  project.write('vitest.config.ts', "export default { test: { globalSetup: ['setup.ts'] } }")
  project.write(
    'setup.ts',
    where === 'teardown' ? `${imports}\nexport const teardown = tamper` : 'export const setup = () => {}',
  )
  project.write(
    'a.test.ts',
    `import { expect, test } from 'vitest'
    ${imports}
    test('adds', () => {})
    test('tampers', () => { ${where === 'test' ? 'tamper()' : ''} })`,
  )
  return project
}

test(
  'a report folder that a test moves away costs no result: the run passes',
  async () => {
    using project = tamperingProject('test', "fs.renameSync('.shakedown', 'elsewhere')")
    const said = await project.run(['run', '--all'])
    expect(said).toMatchObject({ exitCode: 0, stderr: '' })
    expect(project.report()).toMatchObject({ run: { status: 'passed' }, totals: { passed: 2 } })
    expect(project.read('.shakedown/.gitignore')).toBe('*\n')
  },
  PATIENCE_MS,
)

test(
  'a folder in place of the journal costs no result, and is named: the run ends with 2',
  async () => {
    using project = tamperingProject('test', 'const file = journal(); fs.rmSync(file); fs.mkdirSync(file)')
    const said = await project.run(['run', '--all'])
    expect(unwrapped(said)).toMatch(
      /^shakedown: E_REPORT_DIR Expected the journal .* to be a file, got a folder\./,
    )
    expect(project.report()).toMatchObject({ run: { status: 'passed' }, totals: { passed: 2 } })
    expect(said.exitCode).toBe(2)
  },
  PATIENCE_MS,
)

test.each([
  ['emptied by a test', 'test', 'fs.truncateSync(journal())', 'was changed while the run was going on'],
  [
    'emptied after the tests',
    'teardown',
    'fs.truncateSync(journal())',
    'was changed while the run was going on',
  ],
] as const)(
  'a run whose journal is %s is not called passed, and one message says why',
  async (_what, where, tamper, why) => {
    using project = tamperingProject(where, tamper)
    const said = await project.run(['run', '--all'])
    expect(said.stdout).toContain('INCOMPLETE: part of the record is lost')
    expect(said.stdout.replaceAll(/\s+/g, ' ')).toContain(why)
    expect(said).toMatchObject({ exitCode: 4, stderr: '' })
    expect(project.report().run).toMatchObject({ status: 'incomplete', exitCode: 4 })
  },
  PATIENCE_MS,
)

test(
  'a pipe in place of the journal, put there when nobody can mend it, is not waited for',
  async () => {
    using project = tamperingProject(
      'teardown',
      `const file = journal()
       fs.rmSync(file)
       execFileSync('mkfifo', [file])
       process.kill(process.pid, 'SIGKILL')`,
    )
    const said = await project.run(['run', '--all'])
    expect(said.stdout).toContain('INCOMPLETE')
    expect(said.stdout.replaceAll(/\s+/g, ' ')).toContain('Nothing is on record of this run.')
    expect(said.exitCode).toBe(4)
  },
  PATIENCE_MS,
)

test.each(['test', 'teardown'] as const)(
  'a journal that a %s rewrites in its own length is never PASSED',
  async (where) => {
    using project = tamperingProject(
      where,
      "fs.writeFileSync(journal(), fs.readFileSync(journal(), 'utf8').replace('a.test.ts', 'b.test.ts'))",
    )
    const said = await project.run(['run', '--all'])
    expect(said.exitCode).toBe(4)
    expect(project.report().run.status).toBe('incomplete')
    expect(JSON.stringify(project.report().failures)).toContain('it is not what was written to it')
  },
  PATIENCE_MS,
)
