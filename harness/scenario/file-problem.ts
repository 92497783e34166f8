import { relative, sep } from 'node:path'
import { ShakedownError } from '../../src/base/errors.ts'
import { firstOf } from '../../src/base/listed.ts'
import { codeFrame } from '../faults/grammar/code-frame.ts'
import type { Position } from './scenario.ts'

/** Problems shown of one file: a screenful. The rest is counted. */
const PROBLEMS_SHOWN_MAX = 10
/** Longest piece of a line that is underlined. */
const QUOTE_MAX = 60

/** One thing that is wrong with a scenario file. */
export interface FileProblem extends Position {
  /** A sentence that names the place, what was expected and what was got. */
  readonly message: string
}

/** Notes what is wrong at a position; `sentence` is given the position as people write it. */
export type Refuse = (at: Position, sentence: (place: string) => string) => void

/**
 * A scenario file, or a scenario built in code, cannot be used. Thrown before anything runs, with all problems of
 * the file at once.
 */
export class ScenarioFileError extends ShakedownError {
  override readonly name = 'ScenarioFileError'
  /** As given to the loader. */
  readonly file: string
  /** In the order of the file. */
  readonly problems: readonly FileProblem[]
  /** The problems without code frames, for tools that draw their own. */
  readonly summary: string

  /** The file's text; `undefined` when it was never read. */
  readonly text: string | undefined

  /** @param text for code frames */
  constructor(file: string, problems: readonly FileProblem[], text: string | undefined) {
    const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column)
    const listed = (words: (problem: FileProblem) => string): string[] =>
      firstOf(sorted.slice(0, PROBLEMS_SHOWN_MAX).map(words), PROBLEMS_SHOWN_MAX, sorted.length)
    super('E_SCENARIO', listed((problem) => withFrame(problem, text)).join('\n\n'))
    this.file = file
    this.text = text
    this.problems = sorted
    this.summary = listed((problem) => problem.message).join('\n')
  }
}

/** `scenarios/flap.scenario.yaml:7:3`, relative to `root` when the file is inside it. */
export function placeOf(file: string, at: Position, root: string): string {
  return `${displayPath(file, root)}:${at.line}:${at.column}`
}

/** The shorter way to say where a file is: relative inside the root, as it is outside. */
export function displayPath(file: string, root: string): string {
  const path = relative(root, file)
  return path === '' || path.startsWith('..') ? file : path.replaceAll(sep, '/')
}

function withFrame({ message, line, column }: FileProblem, text: string | undefined): string {
  if (text === undefined) return message
  const lines = text.split('\n')
  const start = lines.slice(0, line - 1).reduce((sum, before) => sum + before.length + 1, 0) + column - 1
  return start > text.length
    ? message
    : `${message}\n\n${codeFrame(text, start, start + wordLength(text, start))}`
}

/** How far the carets go: to the end of the word or key under the position. */
function wordLength(text: string, start: number): number {
  return /^[^\s,:[\]{}]+/.exec(text.slice(start, start + QUOTE_MAX))?.[0].length ?? 1
}
