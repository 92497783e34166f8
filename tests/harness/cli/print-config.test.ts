import { expect, test } from 'vitest'
import { CliProject } from './cli-project.ts'

/** Starts a Vitest that runs nothing, on a machine that may be busy with other tests. */
const PATIENCE_MS = 60_000

const secret = 'correct horse battery staple'

/** A project whose own plugin keeps reports in `of-plugin` and a secret to itself. */
function configured(): CliProject {
  const project = new CliProject('broken-suite')
  project.write(
    'vitest.config.ts',
    `import shakedown from 'shakedown/vitest'
export default { plugins: [shakedown({ reportDir: 'of-plugin', redact: [${JSON.stringify(secret)}] })] }`,
  )
  return project
}

test(
  'without wishes every setting has its default',
  async () => {
    using project = new CliProject('broken-suite')
    const { exitCode, stdout, stderr } = await project.run(['run', '--print-config'])
    expect(stdout).toBe(
      `
SETTING              VALUE                       FROM
config               vitest.config.ts            default
shard                all of them                 default
bail                 never                       default
reportDir            .shakedown                  default
scenarioRoot         the nearest workspace root  default
subjects             none                        default
redact               0 secrets                   default
files                true                        default
print                true                        default
budgets.timeouts     0                           default
budgets.asyncErrors  0                           default
budgets.lost         0                           default
budgets.warnings     no limit                    default
budgets.flaky        no limit                    default
budgets.mocks        no limit                    default
`.trimStart(),
    )
    expect(stderr).toBe('')
    expect(exitCode).toBe(0)
    expect(project.has('.shakedown')).toBe(false)
  },
  PATIENCE_MS,
)

test(
  'the plugin decides before the default, the environment before the plugin, and each says so',
  async () => {
    using project = configured()
    const print = ['run', '--print-config', '--json']
    const plugin = await project.run(print)
    expect(JSON.parse(plugin.stdout)).toContainEqual({
      name: 'reportDir',
      value: 'of-plugin',
      from: 'plugin option in vitest.config.ts',
    })
    expect(JSON.parse(plugin.stdout)).toContainEqual({
      name: 'redact',
      value: '1 secret',
      from: 'plugin option in vitest.config.ts',
    })
    expect(plugin.stdout).not.toContain(secret)
    const env = await project.run(print, { env: { SHAKEDOWN_REPORT_DIR: 'of-env' } })
    expect(JSON.parse(env.stdout)).toContainEqual({
      name: 'reportDir',
      value: 'of-env',
      from: 'SHAKEDOWN_REPORT_DIR',
    })
    const flag = await project.run([...print, '--report-dir', 'of-flag', '--no-print', '--bail', '3'], {
      env: { SHAKEDOWN_SHARD: '1/2', SHAKEDOWN_REPORT_DIR: 'of-env', SHAKEDOWN_FILES: 'no' },
    })
    const settings = JSON.parse(flag.stdout) as { name: string }[]
    expect(settings.filter(({ name }) => !name.startsWith('budgets.'))).toEqual([
      { name: 'config', value: 'vitest.config.ts', from: 'default' },
      { name: 'shard', value: '1/2', from: 'SHAKEDOWN_SHARD' },
      { name: 'bail', value: 3, from: '--bail' },
      { name: 'reportDir', value: 'of-flag', from: '--report-dir' },
      { name: 'scenarioRoot', value: 'the nearest workspace root', from: 'default' },
      { name: 'subjects', value: 'none', from: 'default' },
      { name: 'redact', value: '1 secret', from: 'plugin option in vitest.config.ts' },
      { name: 'files', value: false, from: 'SHAKEDOWN_FILES' },
      { name: 'print', value: false, from: '--no-print' },
    ])
  },
  PATIENCE_MS,
)

test(
  'the report goes where the settings say, and the plugin of the project is not asked twice',
  async () => {
    using project = configured()
    const other = await project.run(['run', 'good.scenario.yaml', '--report-dir', 'of-flag'])
    expect(other.stdout).toContain('of-flag/report.html')
    expect(project.report('of-flag').totals).toMatchObject({ tests: 1, passed: 1 })
    expect(project.has('of-plugin')).toBe(false)
  },
  PATIENCE_MS,
)

test(
  'a project that wants no files and no summary gets neither, but its exit code',
  async () => {
    using project = new CliProject('broken-suite')
    project.write(
      'vitest.config.ts',
      `import shakedown from 'shakedown/vitest'\nexport default { plugins: [shakedown({ files: false, print: false })] }`,
    )
    const { exitCode, stdout } = await project.run(['run', 'vacuous.scenario.yaml'])
    expect(stdout).toBe('')
    expect(exitCode).toBe(1)
    expect(project.has('.shakedown/report.json')).toBe(false)
  },
  PATIENCE_MS,
)

test(
  'another configuration can be named',
  async () => {
    using project = new CliProject('broken-suite')
    project.write('other.config.ts', "export default { test: { name: 'other' } }")
    const said = await project.run(['run', '--print-config', '--config', 'other.config.ts'])
    expect(said.stdout).toMatch(/^config +other\.config\.ts +--config$/m)
    const missing = await project.run(['run'], { env: { SHAKEDOWN_CONFIG: 'nowhere.ts' } })
    expect(missing.stderr).toContain('Expected SHAKEDOWN_CONFIG to name a file, got nowhere.ts.')
    expect(missing.exitCode).toBe(2)
  },
  PATIENCE_MS,
)
