import { expect, test } from 'vitest'
import { attributeOf, flagOf, negatedFlagOf, variableOf } from '../../../harness/settings/names.ts'
import { ROWS } from '../../../harness/settings/table.ts'

test('one encoding gives a setting its flag and its variable', () => {
  expect(flagOf('budgets.asyncErrors')).toBe('--budgets-async-errors')
  expect(negatedFlagOf('files')).toBe('--no-files')
  expect(variableOf('budgets.asyncErrors')).toBe('SHAKEDOWN_BUDGETS_ASYNC_ERRORS')
  expect(attributeOf('budgets.asyncErrors')).toBe('budgetsAsyncErrors')
})

test('no two settings share a flag or a variable, and no flag of one turns another off', () => {
  const flags = ROWS.flatMap(({ name }) => [flagOf(name), negatedFlagOf(name)])
  expect(flags).toEqual([...new Set(flags)])
  const variables = ROWS.map(({ name }) => variableOf(name))
  expect(variables).toEqual([...new Set(variables)])
})
