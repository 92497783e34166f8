import { expect, test } from 'vitest'
import { CliProject } from './cli-project.ts'
import { expectOneScreen, unwrapped } from './one-screen.ts'
import { needs } from '../../support/systems.ts'

/** Each of these starts a real process, most of them two, on a machine that may be busy with other tests. */
const PATIENCE_MS = 60_000

test.each([
  ['below a regular file', 'package.json/reports', 'ENOTDIR'],
  ['a regular file itself', 'package.json', 'EEXIST'],
])('a report folder that is %s is refused before anything runs', async (_what, reportDir, code) => {
  using project = new CliProject('bad-input')
  const before = project.read('package.json')
  const said = await project.run(['run', 'missing-export', '--report-dir', reportDir])
  expectOneScreen(said, 'E_REPORT_DIR')
  expect(unwrapped(said)).toContain(`Expected the report folder ${project.path(reportDir)} to be writable`)
  expect(said.stderr).toContain('`--report-dir`')
  expect(said.stderr).toMatch(new RegExp(`${code}|EEXIST`))
  expect(project.read('package.json')).toBe(before)
})

test(
  'so is one that the plugin was told of',
  async () => {
    using project = new CliProject('bad-input')
    project.write(
      'vitest.config.ts',
      `import shakedown from 'shakedown/vitest'\nexport default { plugins: [shakedown({ reportDir: 'package.json/reports' })] }`,
    )
    const said = await project.run(['run', 'missing-export'])
    expectOneScreen(said, 'E_REPORT_DIR')
    expect(said.stderr).toContain('`reportDir`')
  },
  PATIENCE_MS,
)

test('a report folder on a file system that nothing can be created in is refused, not waited for', async (context) => {
  needs(context, 'linux', 'nothing else has /proc')
  using project = new CliProject('bad-input')
  const said = await project.run(['run', 'missing-export', '--report-dir', '/proc/nowhere/reports'])
  expectOneScreen(said, 'E_REPORT_DIR')
  expect(unwrapped(said)).toContain('Nothing can be created there')
})

test('a project without Vitest is told to install it', async () => {
  using project = new CliProject('bad-input', null)
  const said = await project.run(['run', 'missing-export'])
  expectOneScreen(said, 'E_VITEST_MISSING')
  expect(unwrapped(said)).toContain('npm install --save-dev vitest')
})

test('a Vitest that is not supported is refused by its version and place', async () => {
  using project = new CliProject('bad-input', null)
  const manifest = { name: 'vitest', version: '3.2.0', exports: { './package.json': './package.json' } }
  project.write('node_modules/vitest/package.json', JSON.stringify(manifest))
  const said = await project.run(['run', 'missing-export'])
  expectOneScreen(said, 'E_VITEST_UNSUPPORTED')
  expect(unwrapped(said)).toContain('Expected Vitest >=4.1 <6, got 3.2.0 at')
  expect(unwrapped(said)).toContain('npm install --save-dev vitest@5')
})

test(
  'a Vitest configuration that throws is refused with what it threw',
  async () => {
    using project = new CliProject('bad-input')
    project.write('vitest.config.ts', "throw new Error('no such preset')")
    const said = await project.run(['run', 'missing-export'])
    expectOneScreen(said, 'E_VITEST_CONFIG')
    expect(unwrapped(said)).toContain('with vitest.config.ts, got: no such preset')
  },
  PATIENCE_MS,
)

test(
  'an unknown option of the plugin is refused with the nearest name',
  async () => {
    using project = new CliProject('bad-input')
    project.write(
      'vitest.config.ts',
      `import shakedown from 'shakedown/vitest'\nexport default { plugins: [shakedown({ reportdir: 'out' })] }`,
    )
    const said = await project.run(['run', 'missing-export'])
    expectOneScreen(said, 'E_CONFIG')
    expect(unwrapped(said)).toContain('→ See vitest.config.ts.')
    expect(unwrapped(said)).toContain('Did you mean `reportDir`?')
  },
  PATIENCE_MS,
)

test('an environment variable of ours that is misspelt is refused with the nearest name', async () => {
  using project = new CliProject('bad-input')
  const said = await project.run(['run', 'missing-export'], { env: { SHAKEDOWN_REPORTDIR: 'out' } })
  expectOneScreen(said, 'E_ENVIRONMENT')
  expect(unwrapped(said)).toContain('Did you mean `SHAKEDOWN_REPORT_DIR`?')
})
