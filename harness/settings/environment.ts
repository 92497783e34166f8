import { didYouMean } from '../../src/base/nearest.ts'
import { ShakedownError } from '../../src/base/errors.ts'
import { got } from '../../src/base/got.ts'
import { VARIABLE_PREFIX, variableOf } from './names.ts'
import { rowsOf } from './table.ts'
import type { SettingName, SettingValue } from './table.ts'

/** What the environment says, validated. `undefined`: nothing, so another place or the default decides. */
export type Environment = { readonly [Name in SettingName]?: SettingValue<Name> } & Terminal

interface Terminal {
  /** `NO_COLOR` and `FORCE_COLOR`, as no-color.org and force-color.org ask; `undefined` leaves it to the terminal. */
  readonly color: boolean | undefined
  /** `TERM=dumb`: a terminal that cannot move its cursor. */
  readonly dumbTerminal: boolean
  /** The locale names an encoding that is not UTF-8, as `LANG=C` does; one that names none says nothing. */
  readonly asciiTerminal: boolean
}

/**
 * Reads the environment of this process. The only place that does.
 *
 * @throws ShakedownError `E_ENVIRONMENT` for a `SHAKEDOWN_*` variable that is unknown or has an impossible value
 */
export function readEnvironment(
  variables: Readonly<Record<string, string | undefined>> = process.env,
): Environment {
  const rows = new Map(rowsOf('variable').map((row) => [variableOf(row.name), row]))
  const given: Record<string, unknown> = {}
  for (const [variable, text] of Object.entries(variables)) {
    if (!variable.startsWith(VARIABLE_PREFIX) || text === undefined) continue
    const row = rows.get(variable)
    if (row === undefined) throw unknownVariable(variable, [...rows.keys()])
    // A workflow hands on an unset input as an empty text: it gives nothing.
    if (text === '') continue
    const parsed = row.kind.text?.schema.safeParse(text)
    if (!parsed?.success) throw wrongValue(variable, row.kind.expected, text)
    given[row.name] = parsed.data
  }
  return {
    ...given,
    color: colorWish(variables),
    dumbTerminal: variables['TERM'] === 'dumb',
    asciiTerminal: hasAsciiLocale(variables),
  }
}

/** A folder or file that a variable names, also where other variables cannot be used. */
export function uncheckedPath(setting: 'reportDir' | 'config'): string | undefined {
  return process.env[variableOf(setting)]
}

/** A silent typo in a CI file would change nothing and be believed for months. */
function unknownVariable(variable: string, known: readonly string[]): ShakedownError {
  return new ShakedownError(
    'E_ENVIRONMENT',
    `Expected only known ${VARIABLE_PREFIX}* environment variables, got \`${variable}\`.${didYouMean(variable, known)}`,
    { hint: `Known are ${known.join(', ')}.` },
  )
}

function wrongValue(variable: string, expected: string, text: string): ShakedownError {
  return new ShakedownError(
    'E_ENVIRONMENT',
    `Expected the environment variable \`${variable}\` to be ${expected}, got ${harmless(text)}.`,
    { hint: `Correct it, or \`unset ${variable}\`.` },
  )
}

/** Parts, numbers and blanks, with at most one letter. */
const HARMLESS = /^[\d\s./,:%+-]*[a-z]?[\d\s./,:%+-]*$/i
const HARMLESS_CHARS_MAX = 12

/** The wrong value, if it looks like a mistyped number or part: anything else in an environment may be a secret. */
function harmless(text: string): string {
  const shown = text.length <= HARMLESS_CHARS_MAX && HARMLESS.test(text)
  return shown ? got(text) : `a text of ${text.length} characters`
}

function colorWish(variables: Readonly<Record<string, string | undefined>>): boolean | undefined {
  const { FORCE_COLOR: force, NO_COLOR: never } = variables
  // FORCE_COLOR wins, as in Node itself.
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false'
  return never !== undefined && never !== '' ? false : undefined
}

/**
 * Whether the locale names an encoding that is not UTF-8: the one thing to know of the environment where the rest of it
 * cannot be used.
 */
export function hasAsciiLocale(
  { LC_ALL, LC_CTYPE, LANG }: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  // The first that is set holds, as for any program.
  const locale = LC_ALL || LC_CTYPE || LANG || ''
  return /^(?:C|POSIX)$/.test(locale) || (locale.includes('.') && !/\.utf-?8/i.test(locale))
}
