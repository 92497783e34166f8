import { expect, test } from 'vitest'
import { readEnvironment } from '../../../harness/settings/environment.ts'
import {
  flagLayer,
  overlay,
  pluginLayer,
  settle,
  settledBudgets,
  settledValue,
  toPluginOptions,
  variableLayer,
} from '../../../harness/settings/settle.ts'

const variables = readEnvironment({ SHAKEDOWN_REPORT_DIR: 'of-env', SHAKEDOWN_PRINT: '0' })
const options = { reportDir: 'of-plugin', print: true, redact: ['hush'], budgets: { warnings: 5 } }
const plugin = pluginLayer(options, 'vitest.config.ts')

test.each([
  [{ reportDir: 'of-flag' }, { value: '/cwd/of-flag', from: '--report-dir' }],
  [{}, { value: '/cwd/of-env', from: 'SHAKEDOWN_REPORT_DIR' }],
])('flags %j come before the environment', (flags, reportDir) => {
  const layer = overlay(flagLayer(flags, '/cwd'), variableLayer(variables, '/cwd'))
  expect(layer.reportDir).toEqual(reportDir)
})

test('a switch says which of its two flags was given', () => {
  expect(flagLayer({ files: false, print: true }, '/cwd')).toEqual({
    files: { value: false, from: '--no-files' },
    print: { value: true, from: '--print' },
  })
})

test('the environment comes before the plugin, the plugin before the default, setting by setting', () => {
  const settled = settle('/root', variableLayer(variables, '/cwd'), plugin)
  expect(settled.filter(({ name }) => !name.startsWith('budgets.'))).toEqual([
    { name: 'reportDir', value: '/cwd/of-env', from: 'SHAKEDOWN_REPORT_DIR' },
    { name: 'scenarioRoot', value: undefined, from: 'default' },
    { name: 'subjects', value: [], from: 'default' },
    { name: 'redact', value: ['hush'], from: 'plugin option in vitest.config.ts' },
    { name: 'files', value: true, from: 'default' },
    { name: 'print', value: false, from: 'SHAKEDOWN_PRINT' },
  ])
  expect(settled).toContainEqual({
    name: 'budgets.warnings',
    value: 5,
    from: 'plugin option in vitest.config.ts',
  })
})

test("a path of the plugin is relative to Vitest's root, and so is the default", () => {
  expect(settle('/root', plugin)).toContainEqual(expect.objectContaining({ value: '/root/of-plugin' }))
  expect(settle('/root')).toContainEqual({ name: 'reportDir', value: '/root/.shakedown', from: 'default' })
})

test('a settled value has its default, and its budgets only where they were set', () => {
  const values = settle('/root', plugin)
  expect(settledValue(values, 'files')).toBe(true)
  expect(settledValue([], 'print')).toBe(true)
  expect(settledValue(values, 'scenarioRoot')).toBeUndefined()
  expect(settledBudgets(values)).toEqual({ warnings: 5 })
  expect(() => settledValue([{ name: 'files', value: 'yes' }], 'files')).toThrow('true or false')
})

test('what flags and environment give becomes options of the plugin, and nothing else does', () => {
  const layer = overlay(flagLayer({ config: 'x.ts', files: false }, '/cwd'), variableLayer(variables, '/cwd'))
  expect(toPluginOptions(layer)).toEqual({ reportDir: '/cwd/of-env', files: false, print: false })
})

test('a budget is an option in an option, by flag and variable as well', () => {
  const given = readEnvironment({ SHAKEDOWN_BUDGETS_ASYNC_ERRORS: '0', SHAKEDOWN_BUDGETS_LOST: '3' })
  const layer = overlay(flagLayer({ budgetsAsyncErrors: 2 }, '/cwd'), variableLayer(given, '/cwd'))
  expect(toPluginOptions(layer)).toEqual({ budgets: { asyncErrors: 2, lost: 3 } })
})
