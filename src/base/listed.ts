/*
 * A list that is cut and says how much is missing: one wording everywhere.
 */

/**
 * The first lines, and one that counts the rest.
 *
 * @example
 * firstOf(['a', 'b', 'c', 'd'], 2) // ['a', 'b', '… and 2 more']
 */
export function firstOf(lines: readonly string[], max: number, all: number = lines.length): string[] {
  const more = all - Math.min(lines.length, max)
  return [...lines.slice(0, max), ...(more > 0 ? [`… and ${more} more`] : [])]
}

/**
 * The same in a sentence.
 *
 * @example
 * firstInline(['a', 'b', 'c', 'd'], 2) // 'a, b and 2 more'
 */
export function firstInline(items: readonly string[], max: number): string {
  const more = items.length - max
  return `${items.slice(0, max).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** Lines below a sentence. */
export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`)
}
