/** Takes two columns in a terminal: East Asian wide characters and emoji. */
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u

/** Takes none: combining marks, variation selectors, joiners. */
const NARROW = /\p{M}|\u200B|\u200C|\u200D/u

/** A space no line is broken at. It becomes an ordinary one before it is printed. */
export const NO_BREAK = '\u00A0'

/** Columns the text takes in a terminal. Colour codes are not expected here: colour comes after wrapping. */
export function textWidth(text: string): number {
  let width = 0
  for (const character of text) width += NARROW.test(character) ? 0 : WIDE.test(character) ? 2 : 1
  return width
}

/**
 * Breaks text into lines of at most `width` columns, at spaces. A word that is longer than a line stays whole: it is
 * a path, and a path that is cut in two can be neither clicked nor copied.
 */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, width))
}

function wrapLine(line: string, width: number): string[] {
  if (textWidth(line) <= width) return [line]
  const lines: string[] = []
  let current = /^\s*/.exec(line)?.[0] ?? ''
  const indent = current.length < width / 2 ? current : ''
  let empty = true
  for (const word of line.trimStart().split(' ')) {
    const longer = empty ? current + word : `${current} ${word}`
    if (empty || textWidth(longer) <= width) {
      current = longer
    } else {
      lines.push(current)
      current = indent + word
    }
    empty = false
  }
  return [...lines, current]
}
