import { ShakedownError } from '../errors.ts'
import { escapeRegExp } from '../reg-exp.ts'

/** Shorter values occur in innocent text all the time; hiding them would make everything unreadable. */
export const SECRET_CHARS_MIN = 4

/** JSON text inside JSON text inside JSON text: what log lines of HTTP bodies really hold, and one more. */
const ESCAPINGS_MAX = 3

/**
 * Finds the given values as they are, as JSON escapes them (also JSON inside JSON), URL-encoded and in base64;
 * `undefined` when there are none. Longer ones are tried first: a secret that contains another must not keep its tail.
 *
 * @throws ShakedownError `E_REDACT` for one that is too short
 */
export function literalPattern(secrets: readonly string[]): RegExp | undefined {
  const spellings = new Set(secrets.filter((secret) => secret !== '').flatMap(spellingsOf))
  if (spellings.size === 0) return undefined
  const longestFirst = [...spellings].toSorted((a, b) => b.length - a.length)
  return new RegExp(longestFirst.map(escapeRegExp).join('|'), 'g')
}

function spellingsOf(secret: string): string[] {
  if (secret.length < SECRET_CHARS_MIN) {
    throw new ShakedownError(
      'E_REDACT',
      `Expected every value in \`redact\` to have at least ${SECRET_CHARS_MIN} characters, got one of ${secret.length}.`,
      { hint: 'Hiding so short a text would make half of every report unreadable; use a longer secret.' },
    )
  }
  const spellings = [secret]
  for (let escapings = 0; escapings < ESCAPINGS_MAX; escapings++)
    spellings.push(JSON.stringify(spellings.at(-1)).slice(1, -1))
  return [...spellings, encodeURIComponent(secret.toWellFormed()), Buffer.from(secret).toString('base64')]
}
