import { ShakedownError } from '../../src/base/errors.ts'
import { mapStrings } from '../report/map-strings.ts'

/** Shorter values occur in innocent text all the time; hiding them would make every report unreadable. */
const LITERAL_CHARS_MIN = 4

/** Replaces secrets in one text. */
export type Redact = (text: string) => string

/**
 * Shapes of tokens that are secret wherever they appear. Each keeps just enough to tell which kind it was.
 * Sources: the token formats that GitHub, OpenAI, Stripe, AWS, Slack, npm and Google publish; RFC 6750 (bearer),
 * RFC 7519 (JWT), RFC 7468 (PEM), RFC 3986 (userinfo).
 */
const SHAPES: readonly { readonly kind: string; readonly source: string }[] = [
  {
    kind: 'private key',
    source: '-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\\s\\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)',
  },
  { kind: 'github token', source: '\\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255})' },
  { kind: 'npm token', source: '\\bnpm_[A-Za-z0-9]{36}' },
  { kind: 'api key', source: '\\b(?:sk|rk|pk)[-_](?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{20,}' },
  { kind: 'aws key', source: '\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b' },
  { kind: 'google key', source: '\\bAIza[A-Za-z0-9_-]{35}' },
  { kind: 'slack token', source: '\\bxox[a-z]-[A-Za-z0-9-]{10,}' },
  { kind: 'jwt', source: '\\beyJ[A-Za-z0-9_-]{5,}\\.[A-Za-z0-9_-]{5,}\\.[A-Za-z0-9_-]*' },
]

const SHAPE = new RegExp(SHAPES.map(({ source }, index) => `(?<s${index}>${source})`).join('|'), 'g')

/** `Bearer …` and `Basic …` of an Authorization header, under any case. */
const AUTHORIZATION = /\b(bearer|basic)(\s+|%20)([A-Za-z0-9+/=._~-]{8,})/gi

/** `scheme://user:password@host`: the password goes, the user and host stay because they say which system it was. */
const URL_PASSWORD = /\b([a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@]{0,256}:)([^\s/@]{1,512})@/gi

/**
 * Builds the function that hides secrets: common token shapes, and the literal values given.
 *
 * A literal is also found where it was URL-encoded, base64-encoded or escaped into a JSON string.
 *
 * @param literals secret values, e.g. those of environment variables named in the configuration; empty ones are ignored
 * @throws ShakedownError `E_REDACT` for a literal of fewer than 4 characters
 * @example
 * createRedact(['hunter22'])('login hunter22 failed') // 'login [redacted] failed'
 */
export function createRedact(literals: readonly string[] = []): Redact {
  const spellings = [...new Set(literals.filter((literal) => literal !== '').flatMap(spellingsOf))]
  // Longest first, or a secret that begins with another would keep its tail.
  const known = spellings.toSorted((a, b) => b.length - a.length).map((spelling) => escapeRegExp(spelling))
  const literal = known.length > 0 ? new RegExp(known.join('|'), 'g') : undefined
  return (text) => {
    const withoutLiterals = literal ? text.replace(literal, '[redacted]') : text
    return withoutLiterals
      .replace(SHAPE, (...match) => `[redacted ${kindOf(match)}]`)
      .replace(AUTHORIZATION, '$1$2[redacted]')
      .replace(URL_PASSWORD, '$1[redacted]@')
  }
}

function spellingsOf(literal: string): string[] {
  if (literal.length < LITERAL_CHARS_MIN)
    throw new ShakedownError(
      'E_REDACT',
      `Expected every value in \`redact\` to have at least ${LITERAL_CHARS_MIN} characters, got one of ${literal.length}.`,
      { hint: 'Hiding so short a text would blot out half of every report; use a longer secret.' },
    )
  const json = JSON.stringify(literal).slice(1, -1)
  return [literal, json, encodeURIComponent(literal), Buffer.from(literal).toString('base64')]
}

/** `RegExp.escape` needs Node 24; the package runs from 22 on. */
function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

/** Named groups are what a replacer gets last; the one that is set says which shape matched. */
function kindOf(match: readonly unknown[]): string {
  const groups = match.at(-1) as Record<string, string | undefined>
  return SHAPES.find((_, index) => groups[`s${index}`] !== undefined)?.kind ?? 'secret'
}

/** Our own words: a secret that happens to be spelled `test` must not make an event unreadable. */
const OUR_WORDS: ReadonlySet<string> = new Set(['type', 'status', 'kind', 'phase', 'confidence'])

/** Applies `redact` to every string inside plain data, except where only words of ours can stand. */
export function redactStrings<T>(data: T, redact: Redact): T {
  return mapStrings(data, redact, OUR_WORDS)
}
