import { expect, test } from 'vitest'
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

test.each(['2', '0/2', '3/2', 'x/y'])('the part %s is refused', async (part) => {
  using project = new CliProject('broken-suite')
  const said = await project.run(['run', '--shard', part])
  expectOneScreen(said, 'E_USAGE')
  expect(unwrapped(said)).toContain('such as 2/3')
})
