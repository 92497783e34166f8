import path from 'node:path'
import { expect, test } from 'vitest'
import { CliProject, repository } from './cli-project.ts'
import { unwrapped } from './one-screen.ts'

/** Starts a Vitest in a process of its own, on a machine that may be busy with other tests. */
const PATIENCE_MS = 60_000

const homes = { 5: repository, 4: path.join(repository, 'tests/fixtures/vitest-4') }

/** Two projects with a scenario each; the second scenario fails. */
class Workspace extends CliProject {
  constructor(projects: string, version: 4 | 5) {
    super(undefined, homes[version])
    const subject = "export const send = (_input, ports) => ports.fn('send', async () => 42)()\n"
    for (const [name, output] of [
      ['a', 42],
      ['b', 43],
    ] as const) {
      this.write(`packages/${name}/send.ts`, subject)
      this.write(
        `packages/${name}/send.scenario.yaml`,
        `name: it sends\nsubject: ./send.ts#send\nexpect: { output: ${output} }\n`,
      )
    }
    this.write('vitest.config.ts', `export default { test: { projects: ${projects} } }`)
  }
}

test.each([
  ['Vitest 5', 5],
  ['Vitest 4.1', 4],
] as const)(
  'projects of a workspace need no plugin of their own: the command line brings it (%s)',
  async (_name, version) => {
    using project = new Workspace(
      "[{ extends: true, test: { name: 'a', root: 'packages/a' } }, { test: { name: 'b', root: 'packages/b' } }]",
      version,
    )
    const { exitCode, stdout } = await project.run(['run'])
    expect(stdout).toContain('Scenarios  2: 1 passed, 1 failed')
    expect(stdout).toContain('✗ packages/b/send.scenario.yaml [b] > it sends')
    expect(exitCode).toBe(1)
  },
  PATIENCE_MS,
)

test(
  'projects with a configuration file of their own do need it, and one that has none is not passed over',
  async () => {
    using project = new Workspace("['packages/*']", 5)
    const config = `import shakedown from 'shakedown/vitest'\nexport default { plugins: [shakedown()] }\n`
    project.write('packages/a/vitest.config.ts', config)
    const half = await project.run(['run'])
    expect(half.stderr).toMatch(/^shakedown: E_LEFT_OUT\n/)
    expect(unwrapped(half)).toContain('packages/b/send.scenario.yaml')
    expect(half.exitCode).toBe(2)
    project.write('packages/b/vitest.config.ts', config)
    const whole = await project.run(['run'])
    expect(whole.stdout).toContain('Scenarios  2: 1 passed, 1 failed')
    expect(whole.exitCode).toBe(1)
  },
  PATIENCE_MS,
)
