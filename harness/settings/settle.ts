import path from 'node:path'
import type { Environment } from './environment.ts'
import { attributeOf, flagOf, negatedFlagOf, variableOf } from './names.ts'
import type { Budgets } from '../../reporters/analyse/gates.ts'
import { rowsOf, SETTINGS } from './table.ts'
import type { ROWS, SettingName, SettingValue, SettledAs } from './table.ts'
import { valueAt } from '../../src/base/value-at.ts'

/** A value and who gave it. */
export interface Given<T = unknown> {
  readonly value: T
  /** `--report-dir`, `--no-print`, `SHAKEDOWN_REPORT_DIR`, `plugin option in vitest.config.ts` or `default`. */
  readonly from: string
}

/** What one place gives, by the names of the settings. */
export type Layer = { readonly [Name in SettingName]?: Given<SettingValue<Name>> }

/** One setting as it holds for a run. */
export interface SettledValue extends Given {
  readonly name: string
}

/**
 * What the flags of a command give.
 *
 * @param flags as the parser of the command line gives them; paths in them are relative to `cwd`
 */
export function flagLayer(flags: object, cwd: string): Layer {
  return layerOf(rowsOf('flag'), ({ name, kind }) => {
    const value = valueAt(flags, [attributeOf(name)])
    // Only a switch can be `false`, and only by its other flag.
    return {
      value: absolute(value, kind.isPath, cwd),
      from: value === false ? negatedFlagOf(name) : flagOf(name),
    }
  })
}

/** What the environment gives. Paths in it are relative to `cwd`. */
export function variableLayer(environment: Environment, cwd: string): Layer {
  return layerOf(rowsOf('variable'), (row) => ({
    value: absolute(environment[row.name], row.kind.isPath, cwd),
    from: variableOf(row.name),
  }))
}

/**
 * What the options of the plugin give, paths as they are: relative to the root of Vitest.
 *
 * @param where the configuration file they are in, as people are told
 */
export function pluginLayer(options: object, where: string): Layer {
  return layerOf(rowsOf('plugin'), (row) => ({
    value: valueAt(options, row.name.split('.')),
    from: `plugin option in ${where}`,
  }))
}

/** The first of several layers wins, setting by setting. */
export function overlay(...layers: readonly Layer[]): Layer {
  return Object.assign({}, ...layers.toReversed()) as Layer
}

/**
 * Every setting the plugin has with its value, the default where no layer has one. The first of several layers wins.
 *
 * @param root the root of Vitest, which paths in the plugin's options are relative to
 */
export function settle(root: string, ...layers: readonly Layer[]): readonly SettledValue[] {
  const given = overlay(...layers)
  return rowsOf('plugin').map(({ name, preset, kind }) => {
    const { value, from } = given[name] ?? { value: preset, from: 'default' }
    return { name, value: absolute(value, kind.isPath, root), from }
  })
}

/**
 * The value of one setting among those that were settled; its default when it is not among them.
 *
 * @throws ZodError for a value that the setting cannot have
 */
export function settledValue<Name extends SettingName>(
  values: readonly Pick<Partial<SettledValue>, 'name' | 'value'>[],
  name: Name,
): SettledAs<Name> {
  const value = values.find((candidate) => candidate.name === name)?.value
  const { kind, preset } = SETTINGS[name]
  // The table has the same type at this name.
  return (value === undefined ? preset : kind.schema.parse(value)) as SettledAs<Name>
}

/** The budgets that were set, by the names of their gates. */
export function settledBudgets(values: readonly SettledValue[]): Budgets {
  const prefix = 'budgets.'
  return Object.fromEntries(
    values
      .filter(({ name, value }) => name.startsWith(prefix) && value !== undefined)
      .map(({ name, value }) => [name.slice(prefix.length), value]),
  )
}

/** A layer as options of the plugin: `budgets.warnings` becomes `{ budgets: { warnings } }`. */
export function toPluginOptions(layer: Layer): object {
  const options: Record<string, unknown> = {}
  for (const { name } of rowsOf('plugin')) {
    const given = layer[name]
    if (given === undefined) continue
    const way = name.split('.')
    const last = way.pop() ?? name
    let at = options
    for (const key of way) at = (at[key] ??= {}) as Record<string, unknown>
    at[last] = given.value
  }
  return options
}

function layerOf(rows: typeof ROWS, give: (row: (typeof ROWS)[number]) => Given): Layer {
  const given = rows.map((row) => [row.name, give(row)] as const)
  return Object.fromEntries(given.filter(([, { value }]) => value !== undefined))
}

function absolute(value: unknown, isPath: boolean | undefined, folder: string): unknown {
  return isPath === true && typeof value === 'string' ? path.resolve(folder, value) : value
}
