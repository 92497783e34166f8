import { table } from '../../../reporters/text/layout.ts'
import { displayPath } from '../../scenario/file-problem.ts'
import type { Layer, SettledValue } from '../../settings/settle.ts'
import { ROWS } from '../../settings/table.ts'
import type { SettledSettings } from '../supervisor/messages.ts'

/** Every setting of a run with where it came from, paths short and secrets counted instead of shown. */
export function settingsOf(settled: SettledSettings, overrides: Layer, cwd: string): readonly SettledValue[] {
  // What no plugin can give is not among what was settled with its options.
  const ours = ROWS.filter(({ commands, places }) => commands.includes('run') && !places.includes('plugin'))
  const given = ours.map(({ name }) => {
    const { value, from } = overrides[name] ?? { value: undefined, from: 'default' }
    return { name, value: name === 'config' ? (settled.configFile ?? 'none') : value, from }
  })
  return [...given, ...settled.values].map(({ name, value, from }) => ({
    name,
    value: shown(name, value, cwd),
    from,
  }))
}

export function renderSettings(settings: readonly SettledValue[]): string {
  const rows = settings.map(({ name, value, from }) => [name, String(value), from])
  return `${table([['SETTING', 'VALUE', 'FROM'], ...rows]).join('\n')}\n`
}

function shown(name: string, value: unknown, cwd: string): unknown {
  const row = ROWS.find((candidate) => candidate.name === name)
  if (row === undefined) return value
  const { kind, presetText } = row
  if (value === undefined) return presetText
  if (kind.isPath === true && typeof value === 'string') return displayPath(value, cwd)
  return kind.show?.(value) ?? value
}
