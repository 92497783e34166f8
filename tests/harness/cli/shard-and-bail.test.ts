import { expect, test } from 'vitest'
import { VITEST_HOMES } from '../../support/built-package.ts'
import { CliProject } from './cli-project.ts'
import { expectOneScreen, unwrapped } from './one-screen.ts'

/** Each of these starts a Vitest in a process of its own, on a machine that may be busy with other tests. */
const PATIENCE_MS = 60_000

test(
  'shards take each file once, by flag or variable; --bail stops after so many failures',
  async () => {
    using project = new CliProject()
    const failing = "import { test } from 'vitest'\ntest('fails', () => { throw new Error('no') })\n"
    for (const name of ['a', 'b', 'c']) project.write(`${name}.test.ts`, failing)
    const seen: string[] = []
    for (const [args, env] of [
      [['--shard', '1/2'], {}],
      [[], { SHAKEDOWN_SHARD: '2/2' }],
    ] as const) {
      await project.run(['run', '--all', ...args], { env })
      const { run, files } = project.report()
      expect(run.shards).toEqual([{ index: run.shards[0]?.index, count: 2 }])
      seen.push(...files.map((file) => file.path))
    }
    expect(seen.toSorted()).toEqual(['a.test.ts', 'b.test.ts', 'c.test.ts'])
    project.write('vitest.config.ts', 'export default { test: { fileParallelism: false } }')
    const bailed = await project.run(['run', '--all', '--bail', '1', 'B.test', 'c.test'])
    expect(bailed.exitCode).toBe(1)
    expect(project.report().run.end).toBe('bailed')
    expect(project.report().totals).toMatchObject({ files: 2, failed: 1, notRun: 1 })
  },
  PATIENCE_MS,
)

test.each([
  ['5', undefined],
  ['4.1', VITEST_HOMES[4]],
])(
  'of more parts than files, each file is in one, and the others have nothing to run (Vitest %s)',
  async (_line, modules) => {
    using project = new CliProject(undefined, modules)
    project.write('a.test.ts', "import { test } from 'vitest'\ntest('a', () => {})\n")
    const ran: number[] = []
    for (const part of ['1/2', '2/2']) {
      const said = await project.run(['run', '--all', '--shard', part])
      expect([said.exitCode, said.stderr]).toEqual([0, ''])
      const { totals } = project.report()
      expect(said.stdout).toContain(totals.tests === 0 ? 'NOTHING TO RUN' : '✓ PASSED')
      ran.push(totals.tests)
    }
    expect(ran.toSorted((a, b) => a - b)).toEqual([0, 1])
  },
  PATIENCE_MS,
)

test.each(['2', '0/2', '3/2', 'x/y'])('the part %s is refused', async (part) => {
  using project = new CliProject('broken-suite')
  const said = await project.run(['run', '--shard', part])
  expectOneScreen(said, 'E_USAGE')
  expect(unwrapped(said)).toContain('such as 2/3')
})
