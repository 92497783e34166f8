import { safe, safeLine } from './terminal.ts'
import { textWidth, wrap } from './wrap.ts'

/** Width of the terminal everything is laid out for; wider ones are not filled, because long lines read badly. */
export const WIDTH = 80

/** Text from outside, harmless on a terminal and in a CI log, broken at blanks. */
export function prose(text: string): string {
  return wrap(safe(text), WIDTH).join('\n')
}

/** Text that has no good place to break, such as JSON, broken at the width whatever is there. */
export function fold(text: string, width: number): string {
  return wrap(text, width)
    .flatMap((line) => slices(line, width))
    .join('\n')
}

function slices(line: string, width: number): string[] {
  const parts: string[] = []
  let part = ''
  let at = 0
  for (const character of line) {
    if (part !== '' && textWidth(part) + textWidth(character) > width) {
      parts.push(part)
      // A CI service would take a line that begins so for a command.
      part = line.startsWith('::', at) ? '\\' : ''
    }
    part += character
    at += character.length
  }
  return [...parts, part]
}

/** Columns padded to their widest cell, two blanks apart; the last one is not padded. Cells are made harmless. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map(safeLine))
  const widths: number[] = []
  for (const row of cells)
    for (const [column, cell] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, textWidth(cell))
  return cells.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - textWidth(cell)))
      .join('  ')
      .trimEnd(),
  )
}

/** Pretty JSON with a final newline, as files and pipes want it. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
