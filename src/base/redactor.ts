/** What stands where a secret stood. */
const REDACTED = '[redacted]'
/** JSON text inside JSON text inside JSON text: what log lines of HTTP bodies really hold, and one more. */
const ESCAPINGS_MAX = 3

/** Takes configured secrets out of text before it is written anywhere. */
export interface Redactor {
  /** False when no secrets are configured, so that callers can skip the work. */
  readonly active: boolean
  /** Plain text: feedback, reasons, names. */
  text(text: string): string
  /** JSON text: what comes back is valid JSON again, whatever the secret looked like. */
  json(json: string): string
}

const NOTHING_SECRET: Redactor = { active: false, text: (text) => text, json: (json) => json }

/**
 * A redactor for literal secret values. A secret is found as it stands and as JSON escapes it, also when the JSON
 * is itself a string in JSON; other encodings of it (base64, percent) are not.
 *
 * @param secrets none of them empty
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  if (secrets.length === 0) return NOTHING_SECRET
  const needles = needlesOf(secrets)
  const holdsSecret = (text: string): boolean => needles.some((needle) => text.includes(needle))
  // Alternatives are tried in order: longest first, so that a secret that contains another leaves nothing behind.
  const anyNeedle = new RegExp(needles.map(escaped).join('|'), 'g')
  const text = (whole: string): string => (holdsSecret(whole) ? whole.replaceAll(anyNeedle, REDACTED) : whole)
  const json = (whole: string): string => {
    if (!holdsSecret(whole)) return whole
    // Cutting a secret out of the text could cut a number or an escape in two; so values are redacted, not text.
    const redacted = JSON.stringify(redactValue(JSON.parse(whole), text, holdsSecret))
    return holdsSecret(redacted.replaceAll(REDACTED, '')) ? JSON.stringify(REDACTED) : redacted
  }
  return { active: true, text, json }
}

function needlesOf(secrets: readonly string[]): readonly string[] {
  const needles = new Set<string>()
  for (const secret of secrets) {
    let needle = secret
    for (let escapings = 0; escapings <= ESCAPINGS_MAX; escapings++) {
      needles.add(needle)
      needle = JSON.stringify(needle).slice(1, -1)
    }
  }
  return [...needles].toSorted((a, b) => b.length - a.length)
}

function escaped(needle: string): string {
  return needle.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

function redactValue(
  value: unknown,
  text: (text: string) => string,
  holdsSecret: (text: string) => boolean,
): unknown {
  if (typeof value === 'string') return text(value)
  if (typeof value !== 'object' || value === null) return holdsSecret(String(value)) ? REDACTED : value
  if (Array.isArray(value)) return value.map((item) => redactValue(item, text, holdsSecret))
  const entries = new Map<string, unknown>()
  for (const [key, item] of Object.entries(value)) {
    let name = text(key)
    // Two keys that only differed in a secret must not become one: a value would be lost.
    while (entries.has(name)) name += "'"
    entries.set(name, redactValue(item, text, holdsSecret))
  }
  return Object.fromEntries(entries)
}
