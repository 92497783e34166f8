import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import { flagOf, negatedFlagOf } from '../settings/names.ts'
import { rowsOf } from '../settings/table.ts'

type Row = ReturnType<typeof rowsOf>[number]

/** Adds the flags of the settings that belong to a command, with help and validation from their rows. */
export function addSettingFlags(command: Command): void {
  for (const row of rowsOf('flag')) {
    if (!row.commands.includes(command.name())) continue
    if (row.kind.text?.placeholder === undefined) addSwitch(command, row)
    else command.addOption(valueOption(row, row.kind.text.placeholder))
  }
}

/** The help names only the flag that changes something: the one against the default. */
function addSwitch(command: Command, { name, preset, doc }: Row): void {
  const on = new Option(flagOf(name), doc)
  const off = new Option(negatedFlagOf(name), `do not ${doc}`)
  command.addOption(on.hideHelp(preset === true)).addOption(off.hideHelp(preset !== true))
}

function valueOption({ name, kind, preset, presetText, doc }: Row, placeholder: string): Option {
  const fallback = presetText ?? String(preset)
  return new Option(`${flagOf(name)} ${placeholder}`, `${doc} (default: ${fallback})`).argParser((text) => {
    const parsed = kind.text?.schema.safeParse(text)
    if (parsed?.success) return parsed.data
    throw new InvalidArgumentError(`Expected ${kind.expected}.`)
  })
}
