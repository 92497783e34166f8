import { stripVTControlCharacters } from 'node:util'

/** In a documented output this line stands for any number of lines. */
const ELISION = /^\s*(…|\.\.\.)$/

/**
 * Whether a documented output is what was really printed. Colour, column widths and everything that differs from one
 * run to the next — numbers with their units, ids — are masked; a line `…` stands for any number of lines.
 */
export function isOutput(documented: string, printed: string): boolean {
  return matches(maskedLines(documented), maskedLines(printed))
}

/** The lines as they are compared, for showing both sides when they differ. */
export function maskedLines(text: string): string[] {
  return stripVTControlCharacters(text)
    .trim()
    .split('\n')
    .map((line) =>
      line
        .replaceAll(/\b[0-9a-f]{8,}(-[0-9a-f]{4,})*\b/g, '0')
        .replaceAll(/\d+([.,\u00A0\u202F]\d+)*(\s?(ms|s|µs|ns|min|kB|MB)\b)?/g, 'N')
        .replaceAll(/[─━═-]{3,}/g, '---')
        .replaceAll(/\s+/g, ' ')
        .trimEnd(),
    )
}

function matches(documented: readonly string[], printed: readonly string[]): boolean {
  const [line, ...rest] = documented
  if (line === undefined) return printed.length === 0
  if (!ELISION.test(line)) return line === printed[0] && matches(rest, printed.slice(1))
  return printed.some((_, skipped) => matches(rest, printed.slice(skipped))) || rest.length === 0
}
