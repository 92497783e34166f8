import { stripVTControlCharacters } from 'node:util'

/** In a documented output this line stands for any number of lines. */
const ELISION = /^\s*(…|\.\.\.)$/

/** What truly differs from one run to the next, and what stands for it. Counts do not: they are compared. */
const VARYING: readonly (readonly [pattern: RegExp, mask: string])[] = [
  // Ids of runs, digests and commits hold a letter; a number of eight digits is a count.
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'ID'],
  [/\b(?=[0-9]*[a-f])[0-9a-f]{7,}\b/g, 'ID'],
  [/\b\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?Z?)?/g, 'DATE'],
  [/\b\d\d:\d\d(:\d\d([.,]\d+)?)?\b/g, 'TIME'],
  [/\/(home|Users|tmp|private|var)\/[^\s:)]*\//g, 'FOLDER/'],
  // Of Node and Vitest: every supported one prints its own.
  [/\b\d+\.\d+\.\d+\b/g, 'VERSION'],
  // Virtual time is the same in every run.
  [/\b\d+([.,\u00A0\u202F]\d+)*\s?(ms|s|µs|ns|min)\b(?! of virtual time)/g, 'DURATION'],
]

/**
 * Whether a documented output is what was really printed. Colour, column widths and what truly differs from one run to
 * the next are masked; a line `…` stands for any number of lines.
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
      VARYING.reduce((masked, [pattern, mask]) => masked.replaceAll(pattern, mask), line)
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
