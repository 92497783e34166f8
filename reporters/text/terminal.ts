import picocolors from 'picocolors'
import { visible, visibleLine } from './visible.ts'
import { NO_BREAK, textWidth, wrap } from './wrap.ts'

export type Colors = ReturnType<typeof picocolors.createColors>
export type Paint = Colors['red']

/** What the parts of the summary are printed with. */
export interface Terminal {
  readonly colors: Colors
  readonly columns: number
}

/** A terminal narrower than this wraps what it is given; breaking lines further would leave one word on each. */
const COLUMNS_MIN = 40

export function createTerminal(color: boolean, columns: number): Terminal {
  return { colors: picocolors.createColors(color), columns: Math.max(COLUMNS_MIN, columns) }
}

/** Text from a test, harmless on a terminal and in a CI log. */
export function safe(text: string): string {
  return visible(text).replaceAll('\t', '  ').split('\n').map(withoutCommands).join('\n')
}

/** The same on one line, for names. */
export function safeLine(text: string): string {
  return withoutCommands(visibleLine(text))
}

/**
 * CI services act on lines in their log: GitHub on `::error::` at the start of a line and on `##[error]` anywhere,
 * Azure and TeamCity on `##vso[` and `##teamcity[`. A backslash makes them text again.
 */
function withoutCommands(line: string): string {
  // After any space and not only at the start: wrapping may put what is there at the start of a line.
  return line.replaceAll(/(^|\s)::/g, '$1\\::').replaceAll(/##(\w*)\[/g, '##$1\\[')
}

/** `label` once, and `text` wrapped beside it: the continuation lines are indented by the label's width. */
export function labelled(
  terminal: Terminal,
  label: string,
  text: string,
  paint: Paint = String,
  paintLabel: Paint = String,
): string[] {
  const indent = textWidth(label)
  // Painting comes after wrapping: colour codes have no width, and an empty line needs none.
  return wrap(text, terminal.columns - indent).map((line, index) => {
    const start = index === 0 ? paintLabel(label) : ' '.repeat(indent)
    // Trimmed here: once it is painted, spaces at the end are out of reach.
    const rest = line.trimEnd().replaceAll(NO_BREAK, ' ')
    return rest === '' ? start : start + paint(rest)
  })
}

/** `── TITLE ─────…` across the terminal. */
export function rule(terminal: Terminal, title: string, paint: Paint): string {
  const left = `── ${title} `
  return paint(left + '─'.repeat(Math.max(2, terminal.columns - textWidth(left))))
}
