import { readFileSync, statSync } from 'node:fs'
import type { ErrorInfo, SourceLocation } from '../report/error-info.ts'
import { UNUSABLE_SCENARIO } from '../report/scenarios.ts'
import type { CleanText } from './clean-text.ts'

/** Lines shown before and after the one that is meant. */
const AROUND = 2
/** A file larger than this is a bundle, of which nobody reads a line. */
const FILE_BYTES_MAX = 1_000_000
const LINE_CHARS_MAX = 160

/** The error with the lines it came from. */
function withCodeFrame(error: ErrorInfo, text: CleanText): ErrorInfo {
  const codeFrame = error.location === null ? undefined : codeFrameAt(error.location, text)
  return codeFrame === undefined ? error : { ...error, codeFrame }
}

/** Places of one error that are shown with their lines: more than these no screen has room for. */
const FRAMES_MAX = 3

/** The error with the lines that it and its first causes came from, each place once. */
export function withCodeFrames(error: ErrorInfo, text: CleanText): ErrorInfo {
  const whole = withCodeFrame(error, text)
  const shown = new Set(whole.codeFrame === undefined ? [] : [placeOf(whole.location)])
  const causes = whole.causes.map((cause) => {
    const { location } = cause
    if (location === null || shown.size >= FRAMES_MAX || shown.has(placeOf(location))) return cause
    const codeFrame = codeFrameAt(location, text)
    if (codeFrame === undefined) return cause
    shown.add(placeOf(location))
    return { ...cause, codeFrame }
  })
  return { ...whole, causes }
}

function placeOf(location: SourceLocation | null): string {
  return JSON.stringify(location)
}

/** What is wrong with a scenario file, with the lines that it is in; another error as it is. */
export function withMistake(error: ErrorInfo, text: CleanText): ErrorInfo {
  return error.name === UNUSABLE_SCENARIO ? withCodeFrame(error, text) : error
}

/**
 * The lines around a place in the project, with the line and the column marked; `undefined` where they cannot be read.
 *
 * @param location relative to the project root, as reports have it
 */
function codeFrameAt({ file, line, column }: SourceLocation, text: CleanText): string | undefined {
  const lines = linesOf(text.paths.absolute(file))
  if (lines === undefined || line > lines.length) return undefined
  const first = Math.max(1, line - AROUND)
  const last = Math.min(lines.length, line + AROUND)
  const width = String(last).length
  const shown = lines.slice(first - 1, last).flatMap((code, index) => {
    const number = first + index
    const row = `${number === line ? '>' : ' '} ${String(number).padStart(width)} | ${code.slice(0, LINE_CHARS_MAX)}`
    // Tabs stay tabs, so that the mark is under the letter that is meant.
    const before = code.slice(0, column - 1).replaceAll(/[^\t]/g, ' ')
    return number === line && column <= LINE_CHARS_MAX ? [row, `  ${' '.repeat(width)} | ${before}^`] : [row]
  })
  return text.clean(shown.map((row) => row.trimEnd()).join('\n'), LINE_CHARS_MAX * shown.length * 2)
}

function linesOf(file: string): string[] | undefined {
  try {
    return statSync(file).size > FILE_BYTES_MAX ? undefined : readFileSync(file, 'utf8').split(/\r?\n/)
  } catch {
    // A file that is not there, e.g. of a module made up by a plugin, has no lines to show.
    return undefined
  }
}
