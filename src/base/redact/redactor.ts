import { REDACTED } from './boundary.ts'
import { hideInCommands, holdsCommand } from './commands.ts'
import { CREDENTIAL_HINT, hideCredentials } from './credentials.ts'
import { literalPattern, SECRET_CHARS_MIN } from './literals.ts'
import { hideInPairs, isHeaderPair } from './header-pair.ts'
import { hideNamedSecrets, isSecretArgument, NAMED_SECRET_HINT, secretOfName } from './named-secrets.ts'
import { hideTokens, maybeTokens } from './token-shapes.ts'

/** Takes secrets out of text before it is written anywhere. */
export interface Redactor {
  /**
   * False when the text certainly holds nothing to hide, neither as it is nor as JSON: then there is nothing else to
   * do. Costs about 2 ns per character.
   */
  suspects(text: string): boolean
  /** Plain text: messages, feedback, reasons, names. Hiding what is hidden already changes nothing. */
  text(text: string): string
  /** JSON text: what comes back is valid JSON again, whatever the secret looked like. */
  json(json: string): string
}

/**
 * The redactor of everything shakedown writes: the audit trail, the journal and the reports.
 *
 * It hides what is a secret by its shape (tokens of the common services, private keys, JWTs), by the name before it
 * (`password=`, `"apiKey": …`, `Cookie: …`, `Authorization: …`), or by its place (`user:password@host`), and the given
 * values also where they are URL-encoded, in base64, or escaped into JSON. Its work is linear in the text.
 *
 * @param secrets values of at least 4 characters that are hidden wherever they are; empty ones are left out
 * @throws ShakedownError `E_REDACT` for a value of fewer than 4 characters
 * @example
 * createRedactor(['hunter22']).text('login hunter22 failed') // 'login [redacted] failed'
 * createRedactor().json('{"password":"x","user":"y"}') // '{"password":"[redacted]","user":"y"}'
 */
export function createRedactor(secrets: readonly string[] = []): Redactor {
  const literals = literalPattern(secrets)
  const holdsLiteral = (text: string): boolean => literals !== undefined && text.search(literals) >= 0

  // Numbers and short words are most of what steps hand on: no value to hide is so short, and no name with its value.
  const suspects = (text: string): boolean =>
    text.length >= SECRET_CHARS_MIN &&
    (NAMED_SECRET_HINT.test(text) ||
      maybeTokens(text) ||
      CREDENTIAL_HINT.test(text) ||
      holdsCommand(text) ||
      holdsLiteral(text))

  const text = (whole: string): string => {
    if (!suspects(whole)) return whole
    const withoutLiterals = literals === undefined ? whole : whole.replace(literals, REDACTED)
    return hideInPairs(hideNamedSecrets(hideInCommands(hideCredentials(hideTokens(withoutLiterals)))))
  }

  const json = (whole: string): string => {
    if (!suspects(whole)) return whole
    const value: unknown = JSON.parse(whole)
    // Cutting a secret out of the text could cut a number or an escape in two; so values are redacted, not text.
    const hidden = hideInValue(value, { text, holdsLiteral })
    const redacted = hidden === value ? whole : JSON.stringify(hidden)
    return holdsLiteral(redacted.replaceAll(REDACTED, '')) ? JSON.stringify(REDACTED) : redacted
  }
  return { suspects, text, json }
}

interface Hiding {
  text(text: string): string
  holdsLiteral(text: string): boolean
}

/** The value without secrets; the very same value when it has none. */
function hideInValue(value: unknown, hiding: Hiding): unknown {
  if (typeof value === 'string') return hiding.text(value)
  if (typeof value !== 'object' || value === null)
    return hiding.holdsLiteral(String(value)) ? REDACTED : value
  if (Array.isArray(value)) {
    const items = value.map((item: unknown, index) =>
      isSecretAfter(value[index - 1], item) ? REDACTED : hideInValue(item, hiding),
    )
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  // An HTTP archive has headers as `{ name, value }`.
  const isNamedHeader = 'name' in value && 'value' in value && isHeaderPair(value.name, value.value)
  let changed = false
  const entries = new Map<string, unknown>()
  for (const [key, item] of Object.entries(value)) {
    let name = hiding.text(key)
    // Two keys that only differed in a secret must not become one: a value would be lost.
    while (entries.has(name)) name += "'"
    const secret = isNamedHeader && key === 'value' ? 'text' : secretOfName(key)
    const hidden = secret === 'none' ? hideInValue(item, hiding) : hideAll(item, secret)
    changed ||= name !== key || hidden !== item
    entries.set(name, hidden)
  }
  return changed ? Object.fromEntries(entries) : value
}

/** Whether what comes before it in a list says that it is a secret: the name of a header, or an option. */
function isSecretAfter(before: unknown, item: unknown): boolean {
  const isArgument = typeof before === 'string' && typeof item === 'string' && isSecretArgument(before, item)
  return isArgument || isHeaderPair(before, item)
}

/** What a secret's name names. `true` and `null` stay: they say only whether there is one. */
function hideAll(value: unknown, secret: 'any' | 'text'): unknown {
  if (typeof value === 'string') return value === '' ? value : REDACTED
  if (typeof value === 'number') return secret === 'any' ? REDACTED : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => hideAll(item, secret))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hideAll(item, secret)]))
}
