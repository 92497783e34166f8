import * as z from '../../../src/base/zod.ts'
import { parseOptions } from '../../../src/base/options.ts'
import { rowsOf } from '../../settings/table.ts'
import type { SETTINGS, SettingName, SettingValue } from '../../settings/table.ts'

/**
 * Options of the Vitest plugin. Each has a sound default; `shakedown()` alone is a good start.
 *
 * @example
 * // vitest.config.ts
 * import shakedown from 'shakedown/vitest'
 * export default { plugins: [shakedown({ reportDir: 'reports', budgets: { asyncErrors: 0, warnings: 500 } })] }
 */
export interface ShakedownOptions {
  /** The folder for reports, journals and the audit database, relative to Vitest's root. Default `.shakedown`. */
  readonly reportDir?: string | undefined
  /**
   * The folder that scenario files and the files of their subjects must be inside of, links followed; relative to
   * Vitest's root. Default: the nearest folder at or above that root with `.git`, `pnpm-workspace.yaml` or `workspaces`
   * in its `package.json`; where there is none, the nearest with a `package.json`.
   */
  readonly scenarioRoot?: string | undefined
  /**
   * Modules that tests should run and never mock, as paths or patterns relative to Vitest's root: `src/orders/*.ts`. A
   * test that mocks or spies on one is remarked (`E_EXECUTOR_MOCKED`), as one that does so with the engine. One that
   * matches no file is refused, save in a workspace. Default none.
   */
  readonly subjects?: readonly string[] | undefined
  /** Secret values to hide in every output, besides the common token shapes. Default none. */
  readonly redact?: readonly string[] | undefined
  /** Write `report.json`, `report.md` and `report.html` when a run ends. Default true. */
  readonly files?: boolean | undefined
  /** Print the summary when a run ends. Default true. */
  readonly print?: boolean | undefined
  /**
   * How much of what a run may have at most; more fails it. Tests that failed are in no budget.
   *
   * Timeouts, async errors and lost files are limited to 0 without a budget: `shakedown run` ends with 4 above it.
   * Warnings, flaky tests and mocks have no limit without a budget; above it the run ends with 3. Plain `vitest run`
   * takes these codes when a budget that was given is exceeded, unless Vitest fails by itself.
   */
  readonly budgets?:
    | {
        /** Tests, hooks, files and runs that ran out of time. */
        readonly timeouts?: number | undefined
        /** Errors that no test waited for. */
        readonly asyncErrors?: number | undefined
        /** Files that never reached their end. */
        readonly lost?: number | undefined
        /** Warnings of all files together. */
        readonly warnings?: number | undefined
        /** Tests that passed only when tried again. */
        readonly flaky?: number | undefined
        /** Spies on and mocks of the engine, of its nodes and of what `subjects` lists. */
        readonly mocks?: number | undefined
      }
    | undefined
}

/** The options as the table of settings has them. A type test compares `ShakedownOptions` with this. */
export type TableOptions = OptionsBelow<''>

type PluginName = {
  [Name in SettingName]: 'plugin' extends (typeof SETTINGS)[Name]['places'][number] ? Name : never
}[SettingName]

type OptionsBelow<Path extends string> = {
  readonly [Key in KeyBelow<Path, PluginName>]?: OptionAt<`${Path}${Key}`> | undefined
}

type OptionAt<Name extends string> = Name extends PluginName ? SettingValue<Name> : OptionsBelow<`${Name}.`>

/** The next key of the names that begin with a path; the conditional type looks at one name after the other. */
type KeyBelow<Path extends string, Name> = Name extends `${Path}${infer Rest}`
  ? Rest extends `${infer Key}.${string}`
    ? Key
    : Rest
  : never

/** @throws ConfigurationError naming the option, what was expected, what was got and the nearest known name */
export function checkPluginOptions(options: unknown): ShakedownOptions {
  return parseOptions(schemaBelow('') as z.ZodType<ShakedownOptions>, options, 'the Vitest plugin')
}

/** The schema of the options whose names begin with a path: `budgets.` has all budgets. */
function schemaBelow(path: string): z.ZodType {
  const shape: Record<string, z.ZodType> = {}
  for (const { name, kind } of rowsOf('plugin')) {
    if (!name.startsWith(path)) continue
    const [key = '', ...deeper] = name.slice(path.length).split('.')
    shape[key] ??= (deeper.length === 0 ? kind.schema : schemaBelow(`${path}${key}.`)).optional()
  }
  return z.strictObject(shape)
}
