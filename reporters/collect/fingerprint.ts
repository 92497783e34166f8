/** Characters of a message that make its fingerprint. */
const FINGERPRINT_CHARS_MAX = 200

/** Only this much of a message is looked at, or a warning that prints a document would cost milliseconds each. */
const LOOKED_AT_CHARS_MAX = 1_000

/**
 * Folds away what differs between two warnings that mean the same: quoted strings, paths, ids and numbers.
 *
 * @example fingerprint("Slow query took 31 ms in '/srv/app/db.ts'") // 'Slow query took # ms in "…"'
 */
export function fingerprint(message: string): string {
  return message
    .slice(0, LOOKED_AT_CHARS_MAX)
    .replaceAll(/(["'`])(?:(?!\1)[^\\\n]|\\.){0,300}\1/g, '"…"')
    .replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '#')
    .replaceAll(/(?:file:\/\/|[A-Za-z]:)?(?:[\w.@~-]*[\\/]){2,}[\w.@~-]*(?::\d+){0,2}/g, '<path>')
    .replaceAll(/\b(?:0x)?(?=[0-9a-f]*\d)[0-9a-f]{6,}\b/gi, '#')
    .replaceAll(/\d+(?:[.,]\d+)*/g, '#')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, FINGERPRINT_CHARS_MAX)
}
