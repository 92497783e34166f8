import path from 'node:path'
import { expect, test } from 'vitest'
import { CliProject, repository } from './cli-project.ts'

/** Starts a Vitest that runs nothing, on a machine that may be busy with other tests. */
const PATIENCE_MS = 60_000

const secret = 'correct horse battery staple'

/** A project whose own plugin keeps reports in `of-plugin` and a secret to itself. */
function configured(): CliProject {
  const project = new CliProject('broken-suite')
  const plugin = path.join(repository, 'harness/vitest/plugin.ts')
  project.write(
    'vitest.config.ts',
    `import shakedown from ${JSON.stringify(plugin)}
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
SETTING    VALUE             FROM
config     vitest.config.ts  default
reportDir  .shakedown        default
redact     0 secrets         default
files      true              default
print      true              default
`.trimStart(),
    )
    expect(stderr).toBe('')
    expect(exitCode).toBe(0)
    expect(project.has('.shakedown')).toBe(false)
  },
  PATIENCE_MS,
)

test.each([
  ['the plugin over the default', [], {}, 'of-plugin', 'plugin option'],
  [
    'the environment over the plugin',
    [],
    { SHAKEDOWN_REPORT_DIR: 'of-env' },
    'of-env',
    'SHAKEDOWN_REPORT_DIR',
  ],
  [
    'the flag over the environment',
    ['--report-dir', 'of-flag'],
    { SHAKEDOWN_REPORT_DIR: 'of-env' },
    'of-flag',
    '--report-dir',
  ],
])(
  '%s decides where reports go, and says so',
  async (_rule, flags, env, value, from) => {
    using project = configured()
    const { stdout } = await project.run(['run', '--print-config', '--json', ...flags], { env })
    expect(JSON.parse(stdout)).toContainEqual({ name: 'reportDir', value, from })
    expect(stdout).not.toContain(secret)
  },
  PATIENCE_MS,
)

test(
  'the report goes where the settings say, and the plugin of the project is not asked twice',
  async () => {
    using project = configured()
    const own = await project.run(['run', 'good.scenario.yaml'])
    expect(own.stdout).toContain('of-plugin/report.html')
    expect(project.report('of-plugin').totals).toMatchObject({ tests: 1, passed: 1 })
    const other = await project.run(['run', 'good.scenario.yaml', '--report-dir', 'of-flag'])
    expect(other.stdout).toContain('of-flag/report.html')
    expect(project.report('of-flag').totals).toMatchObject({ tests: 1, passed: 1 })
  },
  PATIENCE_MS,
)

test(
  'a project that wants no files and no summary gets neither, but its exit code',
  async () => {
    using project = new CliProject('broken-suite')
    const plugin = path.join(repository, 'harness/vitest/plugin.ts')
    project.write(
      'vitest.config.ts',
      `import shakedown from ${JSON.stringify(plugin)}\nexport default { plugins: [shakedown({ files: false, print: false })] }`,
    )
    const { exitCode, stdout } = await project.run(['run'])
    expect(stdout).toBe('')
    expect(exitCode).toBe(1)
    expect(project.has('.shakedown/report.json')).toBe(false)
  },
  PATIENCE_MS,
)

test(
  'another configuration can be named by flag or environment',
  async () => {
    using project = new CliProject('broken-suite')
    project.write('other.config.ts', "export default { test: { name: 'other' } }")
    const flag = await project.run(['run', '--print-config', '--config', 'other.config.ts'])
    expect(flag.stdout).toMatch(/^config +other\.config\.ts +--config$/m)
    const env = await project.run(['run', '--print-config'], { env: { SHAKEDOWN_CONFIG: 'other.config.ts' } })
    expect(env.stdout).toMatch(/^config +other\.config\.ts +SHAKEDOWN_CONFIG$/m)
    const missing = await project.run(['run', '--config', 'nowhere.ts'])
    expect(missing.stderr).toContain('Expected --config to name a file, got nowhere.ts.')
    expect(missing.exitCode).toBe(2)
  },
  PATIENCE_MS,
)
