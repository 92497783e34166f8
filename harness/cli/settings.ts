import { count } from '../../reporters/text/words.ts'
import { displayPath } from '../scenario/file-problem.ts'
import type { Environment } from '../settings/environment.ts'
import type { SettledSettings, SettledValue } from './supervisor/messages.ts'
import { table } from '../../reporters/text/layout.ts'

/** One setting of `shakedown run`, as `--print-config` shows it. */
export interface Setting {
  readonly name: string
  readonly value: unknown
  /** `--report-dir`, `SHAKEDOWN_REPORT_DIR`, `plugin option` or `default`. */
  readonly from: string
}

/** The flags of `shakedown run` that decide a setting. */
export interface SettingFlags {
  readonly config?: string
  readonly reportDir?: string
}

/** The wishes of flags and environment, which overrule the plugin's options. */
export interface Overrides {
  readonly config: Wish | undefined
  readonly reportDir: Wish | undefined
}

export interface Wish {
  readonly value: string
  readonly from: string
}

/** Precedence: flag, then environment. */
export function overridesOf(flags: SettingFlags, environment: Environment): Overrides {
  return {
    config: wish(['--config', flags.config], ['SHAKEDOWN_CONFIG', environment.config]),
    reportDir: wish(['--report-dir', flags.reportDir], ['SHAKEDOWN_REPORT_DIR', environment.reportDir]),
  }
}

/** Every setting with where it came from, secrets counted instead of shown. */
export function settingsOf(settled: SettledSettings, overrides: Overrides, cwd: string): readonly Setting[] {
  const { configFile } = settled
  return [
    {
      name: 'config',
      value: configFile === undefined ? 'none' : displayPath(configFile, cwd),
      from: overrides.config?.from ?? 'default',
    },
    ...settled.values.map((value) => pluginSetting(value, settled, overrides, cwd)),
  ]
}

export function renderSettings(settings: readonly Setting[]): string {
  const rows = settings.map(({ name, value, from }) => [name, String(value), from])
  return `${table([['SETTING', 'VALUE', 'FROM'], ...rows]).join('\n')}\n`
}

function pluginSetting(
  { name, value, source }: SettledValue,
  { reportDir }: SettledSettings,
  overrides: Overrides,
  cwd: string,
): Setting {
  const origin = { override: overrides.reportDir?.from ?? '', plugin: 'plugin option', default: 'default' }
  return { name, value: shownValue(name, value, displayPath(reportDir, cwd)), from: origin[source] }
}

function shownValue(name: string, value: unknown, reportDir: string): unknown {
  if (name === 'reportDir') return reportDir
  // What is to be hidden in every output is hidden in this one too.
  if (name === 'redact') return Array.isArray(value) ? count(value.length, 'secret') : '?'
  return value
}

function wish(...wishes: readonly (readonly [from: string, value: string | undefined])[]): Wish | undefined {
  for (const [from, value] of wishes) if (value !== undefined) return { from, value }
  return undefined
}
