/** Widest line of a frame, so that it fits an 80-column terminal after an indent. */
const FRAME_WIDTH = 74

/** One-based line and column of an offset in a text; columns count UTF-16 units, as editors do. */
export function positionIn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: offset - lineStart + 1 }
}

/**
 * The line of `text` around `start`, with carets under `start` up to `end`:
 *
 * ```
 *   3*rejct(ECONNRESET) -> off
 *     ^^^^^
 * ```
 */
export function codeFrame(text: string, start: number, end: number): string {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const newline = text.indexOf('\n', start)
  const line = text.slice(lineStart, newline === -1 ? text.length : newline)
  const column = start - lineStart
  // A long line shows what surrounds the caret, a third of the width before it.
  const from = line.length <= FRAME_WIDTH ? 0 : Math.max(0, column - Math.floor(FRAME_WIDTH / 3))
  const shown = line.slice(from, from + FRAME_WIDTH)
  const before = from > 0 ? '…' : ''
  const after = from + FRAME_WIDTH < line.length ? '…' : ''
  const at = column - from + before.length
  const carets = Math.max(1, Math.min(end, lineStart + from + shown.length) - start)
  return `  ${before}${printable(shown)}${after}\n  ${' '.repeat(at)}${'^'.repeat(carets)}`
}

/** Tabs and control characters as one blank each: the caret must be under what it points at. */
function printable(line: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are the very thing replaced here
  return line.replaceAll(/[\u0000-\u001F\u007F-\u009F]/g, ' ')
}
