import { beforeEach, expect, test } from 'vitest'
import { needs } from '../../support/systems.ts'
import { CliProject } from './cli-project.ts'

beforeEach((context) => needs(context, 'linux', 'nothing else has /dev/full'))

/** Each of these starts a Vitest in a process of its own, on a machine that may be busy with other tests. */
const PATIENCE_MS = 60_000

test.each([
  ['failing tests end with their own code', 'failed-expectation.scenario.yaml', 1],
  ['a run that passed ends with 2', 'good.scenario.yaml', 2],
])(
  'with a log on a full disk %s, and the disk is named',
  async (_what, file, exitCode) => {
    using project = new CliProject('broken-suite')
    const said = await project.run(['run', file], {
      through: ['sh', '-c', 'exec "$@" > /dev/full', 'sh'],
    })
    expect(said.stderr).toMatch(/^shakedown: E_OUTPUT\n/)
    expect(said.stderr).toContain('ENOSPC')
    expect(said.stderr).not.toContain('fault of shakedown')
    expect(said.exitCode).toBe(exitCode)
  },
  PATIENCE_MS,
)

test.each([['--version'], ['--help'], ['run', '--help'], ['run', '--print-config']])(
  '%s %s on a full disk ends with 2 and names the disk',
  async (...args) => {
    using project = new CliProject('broken-suite')
    const said = await project.run(
      args.filter((arg) => arg !== undefined),
      { through: ['sh', '-c', 'exec "$@" > /dev/full', 'sh'] },
    )
    expect(said.stderr).toMatch(/^shakedown: E_OUTPUT\n/)
    expect(said.stderr).toContain('ENOSPC')
    expect(said.exitCode).toBe(2)
  },
  PATIENCE_MS,
)

test('an error that cannot be told keeps its exit code', async () => {
  using project = new CliProject('broken-suite')
  const said = await project.run(['run', '--nope'], { through: ['sh', '-c', 'exec "$@" 2> /dev/full', 'sh'] })
  expect(said).toMatchObject({ exitCode: 2, stdout: '', stderr: '' })
})
