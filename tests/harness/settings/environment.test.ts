import { expect, test } from 'vitest'
import { readEnvironment } from '../../../harness/settings/environment.ts'
import { variableOf } from '../../../harness/settings/names.ts'
import { rowsOf } from '../../../harness/settings/table.ts'

test('an empty environment decides nothing', () => {
  expect(readEnvironment({})).toEqual({ color: undefined, dumbTerminal: false, asciiTerminal: false })
})

test.each([
  [{ LANG: 'C' }, true],
  [{ LANG: 'POSIX' }, true],
  [{ LANG: 'de_DE.ISO-8859-1' }, true],
  [{ LANG: 'C', LC_ALL: 'C.UTF-8' }, false],
  [{ LANG: 'en_US.utf8' }, false],
  [{ LANG: 'en_US' }, false],
  [{ LANG: '' }, false],
])('%j is a locale without UTF-8: %s', (variables, asciiTerminal) => {
  expect(readEnvironment(variables).asciiTerminal).toBe(asciiTerminal)
})

test('variables of ours are read, those of others are none of our business', () => {
  const environment = readEnvironment({ SHAKEDOWN_DB: './runs.db', SHAKEDOWN_DEBUG: '1', SHAKEUP_DB: 'x' })
  expect(environment).toMatchObject({ db: './runs.db', debug: true })
})

test('a misspelt variable is refused with the nearest name', () => {
  expect(() => readEnvironment({ SHAKEDOWN_REPORTDIR: 'out' })).toThrow(
    'Expected only known SHAKEDOWN_* environment variables, got `SHAKEDOWN_REPORTDIR`. Did you mean `SHAKEDOWN_REPORT_DIR`?',
  )
})

test('an impossible value is refused by the name of its variable, without repeating a value that may be secret', () => {
  const variables = { SHAKEDOWN_DEBUG: 'hunter2' }
  expect(() => readEnvironment(variables)).toThrow(
    /^Expected the environment variable `SHAKEDOWN_DEBUG` to be 1 or 0, got a text of 7 characters\.$/,
  )
})

test.each(['3/2', '0/2', '2', '1/2x', '-1'])('a part that is none is told: %j', (text) => {
  expect(() => readEnvironment({ SHAKEDOWN_SHARD: text })).toThrow(
    `Expected the environment variable \`SHAKEDOWN_SHARD\` to be a part of so many, such as 2/3, counted from 1, got "${text}".`,
  )
})

test.each(rowsOf('variable'))(
  'an empty text does not give $name: a workflow hands on an unset input so',
  ({ name }) => {
    expect(readEnvironment({ [variableOf(name)]: '' })).not.toHaveProperty([name])
  },
)

test.each(['-1', '1.5', '1e3', ' ', 'many'])('%j is no budget', (text) => {
  expect(() => readEnvironment({ SHAKEDOWN_BUDGETS_WARNINGS: text })).toThrow(
    'Expected the environment variable `SHAKEDOWN_BUDGETS_WARNINGS` to be a whole number from 0, got',
  )
})

test.each([
  [{ NO_COLOR: '1' }, false],
  [{ NO_COLOR: '' }, undefined],
  [{ FORCE_COLOR: '1' }, true],
  [{ FORCE_COLOR: '0' }, false],
  [{ FORCE_COLOR: '3', NO_COLOR: '1' }, true],
])('%j wants colour: %j', (variables, color) => {
  expect(readEnvironment(variables).color).toBe(color)
})
