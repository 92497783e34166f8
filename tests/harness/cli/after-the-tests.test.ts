import { expect, test } from 'vitest'
import { CliProject } from './cli-project.ts'
import { unwrapped } from './one-screen.ts'

/** Each of these starts a Vitest in a process of its own, on a machine that may be busy with other tests. */
const PATIENCE_MS = 60_000

/** A project whose one test passes; it covers half of the lines there are. */
function passingProject(config: string, setup = ''): CliProject {
  const project = new CliProject()
  project.write('vitest.config.ts', `export default { test: { ${config} } }`)
  project.write('setup.ts', setup)
  project.write(
    'half.ts',
    'export function half(n: number): number {\n  if (n > 1) return n / 2\n  return 0\n}\n',
  )
  project.write(
    'half.test.ts',
    "import { expect, test } from 'vitest'\nimport { half } from './half.ts'\ntest('halves', () => expect(half(4)).toBe(2))\n",
  )
  return project
}

test.each([
  [
    'coverage below its thresholds',
    "coverage: { enabled: true, include: ['half.ts'], reporter: [], thresholds: { lines: 100, branches: 100 } }",
    '',
    'Coverage for lines',
  ],
  [
    'a teardown that throws',
    "globalSetup: ['setup.ts']",
    "export const teardown = () => { throw new Error('the broker would not stop, password=hunter2') }",
    'the broker would not stop, password=[redacted]',
  ],
  [
    'a teardown that sets an exit code',
    "globalSetup: ['setup.ts']",
    'export const teardown = () => { process.exitCode = 3 }',
    'Vitest ended with exit code 3 after its tests.',
  ],
])(
  '%s fails a run whose tests passed, and is named',
  async (_what, config, setup, message) => {
    using project = passingProject(config, setup)
    const said = await project.run(['run', '--all'])
    expect(said.stdout).toContain('FAILED')
    expect(said.stdout.replaceAll(/\s+/g, ' ')).toContain(message)
    expect(said.exitCode).toBe(1)
    const { run, failures } = project.report()
    expect(run).toMatchObject({ status: 'failed', exitCode: 1 })
    expect(failures).toMatchObject([{ file: '(the run)', test: null, status: 'failed' }])
    expect(failures[0]?.error.message).toContain(message)
    expect(unwrapped(said)).not.toContain('hunter2')
  },
  PATIENCE_MS,
)

test(
  'what a budget allows is not failed again for the exit code of Vitest',
  async () => {
    using project = passingProject('')
    project.write(
      'stray.test.ts',
      "import { test } from 'vitest'\ntest('strays', async () => {\n  void Promise.reject(new Error('stray'))\n  await new Promise((go) => setImmediate(go))\n})\n",
    )
    const said = await project.run(['run', '--all', '--budgets-async-errors', '1'])
    expect(project.report().failures).toEqual([])
    expect(said.exitCode).toBe(0)
  },
  PATIENCE_MS,
)
