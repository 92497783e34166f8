import { expect, test } from 'vitest'
import { readEnvironment } from '../../../harness/settings/environment.ts'
import {
  flagLayer,
  overlay,
  pluginLayer,
  settle,
  toPluginOptions,
  variableLayer,
} from '../../../harness/settings/settle.ts'

const variables = readEnvironment({ SHAKEDOWN_REPORT_DIR: 'of-env', SHAKEDOWN_PRINT: '0' })
const plugin = pluginLayer({ reportDir: 'of-plugin', print: true, redact: ['hush'] }, 'vitest.config.ts')

test.each([
  [{ reportDir: 'of-flag' }, { value: '/cwd/of-flag', from: '--report-dir' }],
  [{}, { value: '/cwd/of-env', from: 'SHAKEDOWN_REPORT_DIR' }],
])('flags %j come before the environment', (flags, reportDir) => {
  const layer = overlay(flagLayer(flags, '/cwd'), variableLayer(variables, '/cwd'))
  expect(layer.reportDir).toEqual(reportDir)
})

test('the environment comes before the plugin, the plugin before the default, setting by setting', () => {
  expect(settle('/root', variableLayer(variables, '/cwd'), plugin)).toEqual([
    { name: 'reportDir', value: '/cwd/of-env', from: 'SHAKEDOWN_REPORT_DIR' },
    { name: 'redact', value: ['hush'], from: 'plugin option in vitest.config.ts' },
    { name: 'files', value: true, from: 'default' },
    { name: 'print', value: false, from: 'SHAKEDOWN_PRINT' },
  ])
})

test("a path of the plugin is relative to Vitest's root, and so is the default", () => {
  expect(settle('/root', plugin)).toContainEqual(expect.objectContaining({ value: '/root/of-plugin' }))
  expect(settle('/root')).toContainEqual({ name: 'reportDir', value: '/root/.shakedown', from: 'default' })
})

test('what flags and environment give becomes options of the plugin, and nothing else does', () => {
  const layer = overlay(flagLayer({ config: 'x.ts', files: false }, '/cwd'), variableLayer(variables, '/cwd'))
  expect(toPluginOptions(layer)).toEqual({ reportDir: '/cwd/of-env', files: false, print: false })
})
