import type { Scalar } from './yaml.ts'

/** Length of an escape sequence in double quotes by the letter after the backslash; all others take two units. */
const ESCAPE_LENGTHS: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 }
/** A line break inside a flow scalar, with the blanks around it that folding removes. */
const FOLD = /[ \t]*\r?\n\s*/y

/**
 * Finds the place in a YAML source where the nth UTF-16 unit of a scalar's value was written, so that a mistake
 * inside a fault program can be pointed at through quotes, escapes, folding and block indentation.
 *
 * Folded block scalars (`>`) are read line by line like literal ones; where folding joined lines the result is the
 * nearest line's start at worst.
 */
export function offsetInSource(source: string, scalar: Scalar.Parsed, offset: number): number {
  switch (scalar.type) {
    case 'BLOCK_LITERAL':
    case 'BLOCK_FOLDED':
      return offsetInBlock(source, scalar.range, offset)
    case 'QUOTE_DOUBLE':
      return offsetInFlow(source, scalar.range[0] + 1, scalar.range[1], offset, doubleQuotedUnit)
    case 'QUOTE_SINGLE':
      return offsetInFlow(source, scalar.range[0] + 1, scalar.range[1], offset, singleQuotedUnit)
    default:
      return offsetInFlow(source, scalar.range[0], scalar.range[1], offset, () => ({ raw: 1, value: 1 }))
  }
}

/** How much source one piece of the value takes, and how long that piece is. */
interface Unit {
  readonly raw: number
  readonly value: number
}

function doubleQuotedUnit(source: string, at: number): Unit {
  if (source[at] !== '\\') return { raw: 1, value: 1 }
  const letter = source[at + 1] ?? ''
  const raw = ESCAPE_LENGTHS[letter] ?? 2
  const outsideBmp = letter === 'U' && Number.parseInt(source.slice(at + 2, at + raw), 16) > 0xffff
  return { raw, value: outsideBmp ? 2 : 1 }
}

function singleQuotedUnit(source: string, at: number): Unit {
  return { raw: source.startsWith("''", at) ? 2 : 1, value: 1 }
}

function offsetInFlow(
  source: string,
  start: number,
  end: number,
  offset: number,
  unitAt: (source: string, at: number) => Unit,
): number {
  let at = start
  let seen = 0
  while (seen < offset && at < end) {
    FOLD.lastIndex = at
    const fold = FOLD.exec(source)?.[0]
    if (fold === undefined) {
      const unit = unitAt(source, at)
      at += unit.raw
      seen += unit.value
    } else {
      // One line break folds to a blank, n + 1 of them to n line breaks.
      at += fold.length
      seen += Math.max(1, fold.split('\n').length - 2)
    }
  }
  return Math.min(at, end)
}

function offsetInBlock(source: string, range: Scalar.Parsed['range'], offset: number): number {
  const bodyStart = source.indexOf('\n', range[0]) + 1
  const body = source.slice(bodyStart, range[1])
  const indent = /^(?:[ \t]*\r?\n)*( *)/.exec(body)?.[1]?.length ?? 0
  let at = bodyStart
  let left = offset
  for (const line of body.split('\n')) {
    const text = line.slice(indent).replace(/\r$/, '')
    if (left <= text.length) return Math.min(at + indent + left, range[1])
    left -= text.length + 1
    at += line.length + 1
  }
  return range[1]
}
