import { z } from 'zod'
import { didYouMean, ShakedownError } from '../../src/index.ts'

/** What the environment says, validated. `undefined`: nothing, so a flag, the plugin's option or the default decides. */
export interface Environment {
  /** `SHAKEDOWN_CONFIG`: the Vitest configuration file. */
  readonly config: string | undefined
  /** `SHAKEDOWN_DB`: the audit database that `runs` and `explain` read. */
  readonly db: string | undefined
  /** `SHAKEDOWN_DEBUG`: errors come with their stacks. Default false. */
  readonly debug: boolean
  /** `SHAKEDOWN_REPORT_DIR`: where reports and journals go. */
  readonly reportDir: string | undefined
  /** `NO_COLOR` and `FORCE_COLOR`, as no-color.org and force-color.org ask; `undefined` leaves it to the terminal. */
  readonly color: boolean | undefined
  /** `TERM=dumb`: a terminal that cannot move its cursor. */
  readonly dumbTerminal: boolean
}

/** The switch spellings people try; anything else is a mistake worth naming. */
const SWITCH = z.stringbool({ truthy: ['1', 'true', 'yes', 'on'], falsy: ['0', 'false', 'no', 'off', ''] })

/** Every variable of ours. Read only here, so that precedence and messages are the same everywhere. */
const VARIABLES = {
  SHAKEDOWN_CHROME: z.string(),
  SHAKEDOWN_CONFIG: z.string().min(1),
  SHAKEDOWN_DB: z.string().min(1),
  SHAKEDOWN_DEBUG: SWITCH,
  SHAKEDOWN_REPORT_DIR: z.string().min(1),
} as const

const EXPECTED: Readonly<Record<keyof typeof VARIABLES, string>> = {
  SHAKEDOWN_CHROME: 'a path',
  SHAKEDOWN_CONFIG: 'the path of a Vitest configuration file',
  SHAKEDOWN_DB: 'the path of an audit database',
  SHAKEDOWN_DEBUG: '1 or 0',
  SHAKEDOWN_REPORT_DIR: 'the path of a folder',
}

const variablesSchema = z.object(VARIABLES).partial()

/**
 * Reads the environment of this process.
 *
 * @throws ShakedownError `E_ENVIRONMENT` for a `SHAKEDOWN_*` variable that is unknown or has an impossible value
 */
export function readEnvironment(
  variables: Readonly<Record<string, string | undefined>> = process.env,
): Environment {
  const ours = Object.fromEntries(Object.entries(variables).filter(([name]) => name.startsWith('SHAKEDOWN_')))
  for (const name of Object.keys(ours)) if (!(name in VARIABLES)) throw unknownVariable(name)
  const parsed = variablesSchema.safeParse(ours)
  if (!parsed.success) throw wrongValue(String(parsed.error.issues[0]?.path[0]), ours)
  return {
    config: parsed.data.SHAKEDOWN_CONFIG,
    db: parsed.data.SHAKEDOWN_DB,
    debug: parsed.data.SHAKEDOWN_DEBUG ?? false,
    reportDir: parsed.data.SHAKEDOWN_REPORT_DIR,
    color: colorWish(variables),
    dumbTerminal: variables['TERM'] === 'dumb',
  }
}

/** A silent typo in a CI file would change nothing and be believed for months. */
function unknownVariable(name: string): ShakedownError {
  const known = Object.keys(VARIABLES)
  return new ShakedownError(
    'E_ENVIRONMENT',
    `Expected only known SHAKEDOWN_* environment variables, got \`${name}\`.${didYouMean(name, known)}`,
    { hint: `Known are ${known.join(', ')}.` },
  )
}

/** The value is not quoted: what is in an environment may be a secret. */
function wrongValue(name: string, ours: Readonly<Record<string, string | undefined>>): ShakedownError {
  const expected = name in EXPECTED ? EXPECTED[name as keyof typeof EXPECTED] : 'something else'
  const got = ours[name] === '' ? 'an empty text' : 'something else'
  return new ShakedownError(
    'E_ENVIRONMENT',
    `Expected the environment variable \`${name}\` to be ${expected}, got ${got}.`,
    { hint: `Correct it, or \`unset ${name}\`.` },
  )
}

function colorWish(variables: Readonly<Record<string, string | undefined>>): boolean | undefined {
  const { FORCE_COLOR: force, NO_COLOR: never } = variables
  // FORCE_COLOR wins, as in Node itself.
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false'
  return never !== undefined && never !== '' ? false : undefined
}
