import type { Position } from '../../scenario/scenario.ts'

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** A line of generated code, and what it was generated from. */
export interface MappedLine {
  readonly code: string
  /** `undefined` for code that is not in the author's file. */
  readonly from: Position | undefined
}

/** A source map of version 3 (ECMA-426), the subset of it that we make. */
export interface SourceMap {
  readonly version: 3
  readonly file: string
  readonly sources: string[]
  readonly sourcesContent: string[]
  readonly names: string[]
  readonly mappings: string
}

/** Maps each line as a whole to the place it came from. */
export function sourceMapOf(lines: readonly MappedLine[], file: string, content: string): SourceMap {
  let previous: Position = { line: 1, column: 1 }
  const mappings = lines.map(({ from }) => {
    if (from === undefined) return ''
    // Generated column, source, original line and column: all relative, the first to its line, the others to the last
    // segment.
    const segment = [0, 0, from.line - previous.line, from.column - previous.column].map(vlq).join('')
    previous = from
    return segment
  })
  return {
    version: 3,
    file,
    sources: [file],
    sourcesContent: [content],
    names: [],
    mappings: mappings.join(';'),
  }
}

/** A signed number in base 64, five bits a digit, the sign in the lowest bit. */
function vlq(number: number): string {
  let left = number < 0 ? -number * 2 + 1 : number * 2
  let digits = ''
  do {
    const digit = left % 32
    left = Math.floor(left / 32)
    digits += BASE64.charAt(left > 0 ? digit + 32 : digit)
  } while (left > 0)
  return digits
}
