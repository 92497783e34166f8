import type * as z from '../../src/base/zod.ts'
import { GATES } from '../../reporters/analyse/gates.ts'
import type { BudgetOf, GateName } from '../../reporters/analyse/gates.ts'
import { amount } from '../../reporters/analyse/gates/at-most.ts'
import type { GateKind } from '../../reporters/analyse/gates/gate.ts'
import { REPORT_DIR } from '../../reporters/report/places.ts'
import { file, folder, part, patterns, secrets, toggle } from './kinds.ts'
import type { ValueKind } from './kinds.ts'

/** Where a setting can be given, first come first served: the command line, the environment, the plugin's options. */
export type Place = 'flag' | 'variable' | 'plugin'

/** One setting. Its key in the table is its name; the names of its flag and variable follow from that, see names.ts. */
interface SettingRow<T, P extends Place = Place, D extends T | undefined = T | undefined> {
  readonly kind: ValueKind<T>
  readonly places: readonly P[]
  /** The commands that have its flag, by their names. */
  readonly commands: readonly string[]
  /** The value when nothing is given. */
  readonly preset: D
  /** What `--help` says in place of `preset` where that is `undefined`. */
  readonly presetText?: string
  /** One line for `--help` and the README: no capital, no full stop. */
  readonly doc: string
}

/** Every gate has a budget. */
const BUDGETS = Object.fromEntries(
  (GATES as readonly GateKind[]).map(({ name, doc, budget, preset }) => [
    `budgets.${name}`,
    row<unknown, Place, undefined>({
      kind: budget,
      places: ['flag', 'variable', 'plugin'],
      commands: ['run'],
      preset: undefined,
      presetText: preset === undefined ? 'no limit' : JSON.stringify(preset),
      doc,
    }),
  ]),
) as { readonly [Name in GateName as `budgets.${Name}`]: SettingRow<BudgetOf<Name>, Place, undefined> }

/**
 * Every setting. To add one, add its row: flag, variable, plugin option, validation, `--help`, `--print-config` and
 * the README's table (which a test compares) derive from it. Only the published type of the plugin's options,
 * `ShakedownOptions`, is written by hand; it does not compile while it differs.
 */
export const SETTINGS = {
  config: row({
    kind: file('a Vitest configuration file'),
    places: ['flag', 'variable'],
    commands: ['run'],
    preset: undefined,
    presetText: 'the one Vitest finds',
    doc: 'Vitest configuration file',
  }),
  reportDir: row({
    kind: folder,
    places: ['flag', 'variable', 'plugin'],
    commands: ['run', 'report'],
    preset: REPORT_DIR,
    doc: 'folder for reports, journals and the audit database',
  }),
  scenarioRoot: row({
    kind: folder,
    places: ['flag', 'variable', 'plugin'],
    commands: ['run'],
    preset: undefined,
    presetText: 'the nearest workspace root',
    doc: 'folder that scenario files and their subjects must be inside of, links followed',
  }),
  subjects: row({
    kind: patterns,
    places: ['plugin'],
    commands: [],
    preset: [],
    doc: 'modules that tests should run and never mock, as paths or patterns',
  }),
  redact: row({
    kind: secrets,
    places: ['plugin'],
    commands: [],
    preset: [],
    doc: 'secret values to hide in every output, besides the common shapes of tokens',
  }),
  files: row({
    kind: toggle,
    places: ['flag', 'variable', 'plugin'],
    commands: ['run', 'report'],
    preset: true,
    doc: 'write the report files when a run ends',
  }),
  print: row({
    kind: toggle,
    places: ['flag', 'variable', 'plugin'],
    commands: ['run', 'report'],
    preset: true,
    doc: 'print the summary when a run ends',
  }),
  shard: row({
    kind: part,
    places: ['flag', 'variable'],
    commands: ['run'],
    preset: undefined,
    presetText: 'all of them',
    doc: 'run one part of the test files, as with Vitest',
  }),
  bail: row({
    kind: amount,
    places: ['flag', 'variable'],
    commands: ['run'],
    preset: undefined,
    presetText: 'never',
    doc: 'stop after this many failed tests, as with Vitest',
  }),
  ...BUDGETS,
  db: row({
    kind: file('an audit database'),
    places: ['flag', 'variable'],
    commands: ['runs', 'explain', 'adapters'],
    preset: undefined,
    presetText: 'runs.db in the report folder',
    doc: 'audit database',
  }),
  debug: row({
    kind: toggle,
    places: ['variable'],
    commands: [],
    preset: false,
    doc: 'show the stack of every error',
  }),
  chrome: row({
    kind: file('a Chromium'),
    places: ['variable'],
    commands: [],
    preset: undefined,
    presetText: 'the one from npm',
    doc: 'Chromium that the tests of this repository look at the HTML report with',
  }),
}

function row<T, P extends Place, D extends T | undefined>(setting: SettingRow<T, P, D>): SettingRow<T, P, D> {
  return setting
}

export type SettingName = keyof typeof SETTINGS

/** The type of a setting's value. */
export type SettingValue<Name extends SettingName> = z.output<(typeof SETTINGS)[Name]['kind']['schema']>

/** The type of a setting where the default counts, too: `undefined` only where that is. */
export type SettledAs<Name extends SettingName> =
  | SettingValue<Name>
  | Extract<(typeof SETTINGS)[Name]['preset'], undefined>

/** Every row with its name, in the order of the table. */
export const ROWS: readonly (SettingRow<unknown> & { readonly name: SettingName })[] = Object.entries(
  SETTINGS,
).map(([name, setting]) => Object.assign({ name: name as SettingName }, setting as SettingRow<unknown>))

/** The rows that can be given in a place. */
export function rowsOf(place: Place): typeof ROWS {
  return ROWS.filter(({ places }) => places.includes(place))
}
