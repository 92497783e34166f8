import path from 'node:path'
import { expect, test } from 'vitest'
import { writeReports } from '../../../reporters/write-reports.ts'
import { sampleReport } from '../../reporters/support/sample-report.ts'
import { CliProject, ended, repository } from './cli-project.ts'
import { expectOneScreen } from './one-screen.ts'
import { spawn } from 'node:child_process'

/** Each of these starts a Vitest in a process of its own, on a machine that may be busy with other tests. */
const PATIENCE_MS = 60_000

async function projectWithReport(folder = '.shakedown'): Promise<CliProject> {
  const project = new CliProject('broken-suite')
  await writeReports(sampleReport(), project.path(folder))
  return project
}

const reportsIn = (project: CliProject, folder = '.shakedown'): string[] =>
  ['json', 'md', 'html'].filter((name) => project.has(`${folder}/report.${name}`))

test.each([
  ['a configuration that throws', "throw new Error('no such preset')", 2, 'failed', 'no such preset'],
  [
    'a Vitest that dies before its first test',
    'process.kill(process.pid, "SIGKILL")',
    4,
    'incomplete',
    'was killed by SIGKILL',
  ],
])(
  'the last report is that of %s',
  async (_what, config, exitCode, status, why) => {
    using project = await projectWithReport()
    project.write('vitest.config.ts', config)
    const said = await project.run(['run'])
    expect(said.exitCode).toBe(exitCode)
    expect(project.report().run).toMatchObject({ status, exitCode })
    expect(project.report().failures).toMatchObject([{ error: { message: expect.stringContaining(why) } }])
    // It is made again from what is on record.
    const { exitCode: again } = await project.run(['report'])
    expect(again).toBe(exitCode)
  },
  PATIENCE_MS,
)

test.each([
  ['a path that is not there', ['run', 'nosuch'], {}, 'E_NO_SUCH_PATH'],
  ['a folder without scenarios', ['run', 'empty'], {}, 'E_NO_SCENARIOS'],
  ['a variable that is unknown', ['run'], { SHAKEDOWN_REPORTDIR: 'x' }, 'E_ENVIRONMENT'],
  ['a flag that is unknown', ['run', '--al'], {}, 'E_USAGE'],
  ['a token where a path should be', ['run', `ghp_${'A1b2C3d4'.repeat(5)}`], {}, 'E_NO_SUCH_PATH'],
] as const)(
  'the last report says what was refused after %s',
  async (_what, args, env, code) => {
    using project = await projectWithReport()
    project.write('empty/readme.md', '')
    const said = await project.run(args, { env })
    expect([said.exitCode, said.stderr]).toEqual([2, expect.stringContaining(code)])
    expect(reportsIn(project)).toEqual(['json', 'md', 'html'])
    expect(project.report().run).toMatchObject({ status: 'failed', exitCode: 2 })
    expect(project.report().failures).toMatchObject([{ error: { message: expect.stringContaining(code) } }])
    for (const file of ['report.json', 'report.md', 'report.html'])
      expect(project.read(`.shakedown/${file}`)).not.toContain('A1b2C3d4')
    expect((await project.run(['report'])).exitCode).toBe(2)
  },
  PATIENCE_MS,
)

test.each([
  ['a flag', ['run', '--al'], "reportDir: 'out'"],
  ['a path', ['run', 'nosuch'], 'reportDir: "out",'],
  ['a configuration that throws', ['run'], "reportDir: 'out', preset: missing,"],
] as const)(
  'a report folder that only the configuration names has the report of what was refused, and the error says where: %s',
  async (_what, args, config) => {
    using project = await projectWithReport('out')
    project.write(
      'vitest.config.ts',
      `const options = { // reportDir: 'other'\n  ${config}\n}\nexport default {}`,
    )
    const said = await project.run(args)
    expect(said.exitCode).toBe(2)
    expect(said.stderr).toContain('The report says so, too: out/report.html\n')
    expect(project.report('out').run).toMatchObject({ status: 'failed', exitCode: 2 })
    expect(project.has('.shakedown/report.json')).toBe(false)
  },
  PATIENCE_MS,
)

test.each([
  ['a flag', ['run', '--config', 'other.config.ts', '--al'], {}],
  ['a flag that is written together', ['run', '--al', '--config=other.config.ts'], {}],
  ['a variable', ['run', '--al'], { SHAKEDOWN_CONFIG: 'other.config.ts' }],
] as const)(
  'the folder that a configuration names which %s gives has the report of what was refused',
  async (_what, args, env) => {
    using project = await projectWithReport('out')
    project.write('vitest.config.ts', "export default { reportDir: 'wrong' }")
    project.write('other.config.ts', "export default { reportDir: 'out' }")
    await writeReports(sampleReport(), project.path('wrong'))
    const earlier = project.read('wrong/report.json')
    const said = await project.run(args, { env })
    expect([said.exitCode, said.stderr]).toEqual([2, expect.stringContaining('out/report.html\n')])
    expect(project.report('out').run).toMatchObject({ status: 'failed', exitCode: 2 })
    expect(project.read('wrong/report.json')).toBe(earlier)
  },
  PATIENCE_MS,
)

test.each([
  ['a path', ['run', 'nosuch'], {}],
  ['a flag', ['run', '--al'], {}],
] as const)(
  'where no report was to be, none is left of a refused run: %s',
  async (_what, args, env) => {
    using project = new CliProject('broken-suite')
    expect((await project.run(args, { env })).exitCode).toBe(2)
    expect(project.has('.shakedown')).toBe(false)
    await writeReports(sampleReport(), project.path('.shakedown'))
    for (const more of [
      [...args, '--no-files'],
      [...args, '--no-files', '--no-print'],
    ]) {
      expect((await project.run(more, { env })).exitCode).toBe(2)
      expect(reportsIn(project)).toEqual([])
    }
  },
  PATIENCE_MS,
)

test(
  'of a run that was killed before its first record, `report` does not show the run before it',
  async () => {
    using project = new CliProject('broken-suite')
    expect((await project.run(['run', 'good.scenario.yaml'])).exitCode).toBe(0)
    expect((await project.run(['report'])).exitCode).toBe(0)
    // As early as anything of the project is read.
    project.write('vitest.config.ts', 'process.kill(process.ppid, "SIGKILL"); await new Promise(() => {})')
    await project.run(['run', 'good.scenario.yaml'])
    expect(reportsIn(project)).toEqual([])
    const said = await project.run(['report'])
    expect([said.exitCode, said.stdout]).toEqual([2, ''])
    expect(said.stderr).toContain('E_NO_JOURNAL')
    expect(said.stderr).toContain('earlier run')
    expect(reportsIn(project)).toEqual([])
    const named = await project.run(['report', '--journal', '.shakedown/journal'])
    expect(named.stdout).toContain('PASSED')
  },
  PATIENCE_MS,
)

test.each([
  ['a flag', ['run', 'nosuch', '--report-dir', 'out'], {}],
  ['a flag in one word', ['run', 'nosuch', '--report-dir=out'], {}],
  ['a variable', ['run', 'nosuch'], { SHAKEDOWN_REPORT_DIR: 'out' }],
  ['a flag beside one that is unknown', ['run', '--al', '--report-dir', 'out'], {}],
] as const)(
  'so does one in the folder that %s names',
  async (_what, args, env) => {
    using project = await projectWithReport('out')
    await project.run(args, { env })
    expect(project.report('out').run).toMatchObject({ status: 'failed', exitCode: 2 })
    expect(project.has('.shakedown')).toBe(false)
  },
  PATIENCE_MS,
)

test(
  'printing the settings or the help leaves the last report',
  async () => {
    using project = await projectWithReport()
    await project.run(['run', '--print-config'])
    await project.run(['run', '--help'])
    expect(reportsIn(project)).toEqual(['json', 'md', 'html'])
  },
  PATIENCE_MS,
)

test(
  'plain vitest run with a misspelt option of the plugin leaves no last report, either',
  async () => {
    using project = await projectWithReport()
    project.write(
      'vitest.config.ts',
      `import shakedown from 'shakedown/vitest'\nexport default { plugins: [shakedown({ reportdir: 'out' })] }`,
    )
    const vitest = path.join(repository, 'node_modules/vitest/vitest.mjs')
    const child = spawn(process.execPath, [vitest, 'run'], {
      cwd: project.folder,
    })
    const said = await ended(child)
    expect(said.exitCode).toBe(1)
    expect(reportsIn(project)).toEqual([])
  },
  PATIENCE_MS,
)

test(
  'a file of the project that is named like a report is refused, not overwritten, and its own journals are kept',
  async () => {
    using project = new CliProject('broken-suite')
    const args = ['run', 'good.scenario.yaml', '--report-dir', '.']
    const mine = Array.from({ length: 25 }, (_, day) => `journal/2020-${String(day).padStart(2, '0')}.jsonl`)
    for (const file of mine) project.write(file, '{"mine":true}\n')
    project.write('report.md', '# Report of the quarter\n')
    expectOneScreen(await project.run(args), 'E_REPORT_DIR')
    expect(project.read('report.md')).toBe('# Report of the quarter\n')
    project.write('report.md', '')
    expect((await project.run(args)).exitCode).toBe(0)
    expect((await project.run(args)).exitCode).toBe(0)
    expect(mine.filter((file) => !project.has(file))).toEqual([])
  },
  PATIENCE_MS,
)

test(
  'a folder for journals that is a file is refused before anything runs',
  async () => {
    using project = new CliProject('broken-suite')
    project.write('.shakedown/journal', '')
    const said = await project.run(['run', 'good.scenario.yaml'])
    expectOneScreen(said, 'E_REPORT_DIR')
    expect(said.stderr).toContain('.shakedown')
  },
  PATIENCE_MS,
)

test(
  'secrets in what a dying Vitest or a configuration says are hidden',
  async () => {
    using project = new CliProject('broken-suite')
    project.write('vitest.config.ts', "throw new Error('no login with password=hunter2')")
    const refused = await project.run(['run'])
    expect(refused.stderr).toContain('password=[redacted]')
    project.write('vitest.config.ts', "console.log('password=hunter2'); process.exit(7)")
    const died = await project.run(['run'])
    expect(died.stderr).toContain('password=[redacted]')
    project.write(
      'vitest.config.ts',
      `import shakedown from 'shakedown/vitest'
export default { plugins: [shakedown({ redact: ['mellon-friend'] })], test: { globalSetup: ['setup.ts'] } }`,
    )
    project.write('setup.ts', "export default () => { console.log('say mellon-friend'); process.exit(7) }")
    const named = await project.run(['run'])
    expect(named.stderr).toContain('say [redacted]')
    for (const said of [refused, died, named]) expect(said.stderr).not.toMatch(/hunter2|mellon/)
  },
  PATIENCE_MS,
)
