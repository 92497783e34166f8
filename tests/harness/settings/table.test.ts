import { expect, expectTypeOf, test } from 'vitest'
import { COMMANDS } from '../../../harness/cli/commands/index.ts'
import { ROWS } from '../../../harness/settings/table.ts'
import type { ShakedownOptions, TableOptions } from '../../../harness/vitest/plugin/options.ts'

test('the published options of the plugin are those of the table', () => {
  // The compiler holds this; a row without its published option, or the other way round, does not type-check.
  expectTypeOf<ShakedownOptions>().toEqualTypeOf<TableOptions>()
})

test.each(ROWS)('the row of $name is sound', ({ kind, places, commands, preset, presetText, doc }) => {
  expect(preset === undefined || kind.schema.safeParse(preset).success).toBe(true)
  expect(preset === undefined).toBe(presetText !== undefined)
  // Lists and objects are given in the configuration file only.
  expect(kind.text !== undefined || places.every((place) => place === 'plugin')).toBe(true)
  expect(commands.length > 0).toBe(places.includes('flag'))
  expect(COMMANDS.map(({ name }) => name)).toEqual(expect.arrayContaining([...commands]))
  expect(doc).toMatch(/^\S.*[^.]$/)
})
