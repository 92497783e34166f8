import { FaultSyntaxError, type FaultSource } from './fault-errors.ts'

const SPACE = /[ \t\r\n]*/y
/** A bare word: a verb, a code, a name. A hyphen belongs to it only between letters, so that `off->throw` is two words. */
const WORD = /[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*/y
const NUMBER = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
/** Longest piece of text quoted back in a message. */
const QUOTE_MAX = 40

/** A number as written, with its sign but without its unit. */
export interface ScannedNumber {
  readonly value: number
  readonly start: number
}

/** What a refusal says beyond what was expected. */
interface FailOptions {
  /** Default: where reading is now, or the end of the next token if nothing was read. */
  readonly end?: number | undefined
  /** Default: the refused text itself. */
  readonly got?: string
  readonly suggestion?: string | undefined
  readonly hint?: string
}

/**
 * Reads a text from left to right, never going back, and knows where it is: every grammar here is parsed over one of
 * these. Each character is looked at a bounded number of times, so reading is linear.
 */
export class Scanner {
  readonly text: string
  readonly #where: FaultSource | undefined
  /** The next character to be read. */
  offset = 0

  constructor(text: string, where: FaultSource | undefined) {
    this.text = text
    this.#where = where
  }

  get atEnd(): boolean {
    return this.offset >= this.text.length
  }

  /** The next character, or `''` at the end. */
  peek(): string {
    return this.text.charAt(this.offset)
  }

  skipSpace(): void {
    this.#match(SPACE)
  }

  /** Reads `literal` if it is next. */
  eat(literal: string): boolean {
    if (!this.text.startsWith(literal, this.offset)) return false
    this.offset += literal.length
    return true
  }

  /** Reads a bare word if one is next. */
  word(): string | undefined {
    return this.#match(WORD)
  }

  /** Reads a number if one is next. @throws FaultSyntaxError for `007` and numbers too large to hold. */
  number(): ScannedNumber | undefined {
    const start = this.offset
    const written = this.#match(NUMBER)
    if (written === undefined) return undefined
    if (/^-?0[0-9]/.test(written)) this.fail(start, 'a number without leading zeros')
    const value = Number(written)
    if (!Number.isFinite(value)) this.fail(start, 'a finite number')
    // Minus zero would print as `0` and come back as another value.
    return { value: value === 0 ? 0 : value, start }
  }

  /**
   * Refuses what starts at `start`.
   * @throws FaultSyntaxError always
   */
  fail(start: number, expected: string, more: FailOptions = {}): never {
    const end = more.end ?? (this.offset > start ? this.offset : this.#tokenEnd(start))
    throw new FaultSyntaxError({
      text: this.text,
      start,
      end,
      expected,
      got: more.got ?? describe(this.text.slice(start, end)),
      suggestion: more.suggestion,
      hint: more.hint,
      where: this.#where,
    })
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.offset
    const matched = pattern.exec(this.text)?.[0]
    if (matched !== undefined) this.offset += matched.length
    return matched
  }

  #tokenEnd(start: number): number {
    for (const pattern of [WORD, NUMBER]) {
      pattern.lastIndex = start
      const matched = pattern.exec(this.text)?.[0]
      if (matched !== undefined) return start + matched.length
    }
    const codePoint = this.text.codePointAt(start)
    return codePoint === undefined ? start : start + String.fromCodePoint(codePoint).length
  }
}

/** A piece of text as it appears in a message: `` `word` ``, `U+00A0`, or `the end of the text`. */
function describe(piece: string): string {
  if (piece === '') return 'the end of the text'
  if (/^[\p{C}\p{Z}]/u.test(piece)) {
    return `U+${(piece.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  }
  const line = piece.replaceAll(/\p{Cc}/gu, ' ')
  return `\`${line.length > QUOTE_MAX ? `${line.slice(0, QUOTE_MAX)}…` : line}\``
}

/** True for exactly the texts that `Scanner.word` reads whole. */
export function isWord(text: string): boolean {
  WORD.lastIndex = 0
  return WORD.exec(text)?.[0].length === text.length
}
