import { ShakedownError } from '../../../src/base/errors.ts'
import { suggest } from '../../../src/base/nearest.ts'
import { codeFrame, positionIn } from './code-frame.ts'

/** Where the first character of a fault's text is in a file; line and column from 1. */
export interface FaultSource {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** What the parser knows about a mistake. */
export interface SyntaxMistake {
  readonly text: string
  /** First character of what is wrong, from 0; `text.length` when something is missing at the end. */
  readonly start: number
  /** After the last character of what is wrong. */
  readonly end: number
  /** Completes `Expected …`. */
  readonly expected: string
  /** Completes `got …`. */
  readonly got: string
  /** The nearest known name, when the mistake looks like a slip of the keyboard. */
  readonly suggestion?: string | undefined
  readonly hint?: string | undefined
  readonly where?: FaultSource | undefined
}

/**
 * A fault program or point pattern cannot be read. Thrown before anything runs.
 *
 * The message says what was expected, where, and what was got, and shows the text with a caret. With a source,
 * line and column are those of the file; a text that goes over several lines counts its further lines from the
 * source's line, which holds for plain and block scalars of YAML.
 */
export class FaultSyntaxError extends ShakedownError {
  override readonly name = 'FaultSyntaxError'
  /** Into the fault's own text, from 0. */
  readonly offset: number
  /** From 1; in the file when the source is known, else in the text. */
  readonly line: number
  /** From 1; in the file when the source is known, else in the text. */
  readonly column: number
  readonly file: string | undefined
  readonly expected: string
  readonly got: string
  readonly suggestion: string | undefined
  /** The line of text with carets under the mistake. Not called `frame`: test runners print one of that name again. */
  readonly excerpt: string

  constructor(mistake: SyntaxMistake) {
    const { line, column } = place(mistake)
    const at = `${mistake.where?.file ?? ''}${mistake.where === undefined ? '' : ':'}${line}:${column}`
    const excerpt = codeFrame(mistake.text, mistake.start, mistake.end)
    super(
      'E_FAULT_SYNTAX',
      `Expected ${mistake.expected} at ${at}, got ${mistake.got}.${suggest(mistake.suggestion)}\n\n${excerpt}`,
      {
        hint: mistake.hint,
      },
    )
    this.offset = mistake.start
    this.line = line
    this.column = column
    this.file = mistake.where?.file
    this.expected = mistake.expected
    this.got = mistake.got
    this.suggestion = mistake.suggestion
    this.excerpt = excerpt
  }
}

/** A fault given as a value — by the builder or in a plan — that no text could have said. */
export class FaultProgramError extends ShakedownError {
  override readonly name = 'FaultProgramError'
  /** The boundary point the program was bound to, when there was one. */
  readonly point: string | undefined

  constructor(message: string, options: { point?: string | undefined; hint?: string | undefined } = {}) {
    super('E_FAULT_PROGRAM', message, { hint: options.hint })
    this.point = options.point
  }
}

function place({ text, start, where }: SyntaxMistake): { line: number; column: number } {
  const inText = positionIn(text, start)
  if (where === undefined) return inText
  if (inText.line === 1) return { line: where.line, column: where.column + inText.column - 1 }
  return { line: where.line + inText.line - 1, column: inText.column }
}
