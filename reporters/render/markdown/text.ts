import { visible, visibleLine } from '../../text/visible.ts'

/**
 * Text from a test as inline code: there Markdown, HTML, mentions, issue numbers, emoji codes and maths all stay
 * what they are, characters. Not for table cells.
 */
export function code(text: string): string {
  const line = visibleLine(text).trim()
  if (line === '') return '` `'
  const fence = '`'.repeat(longestRun(line) + 1)
  // A space keeps a backtick at either end from joining the fence.
  const space = line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return `${fence}${space}${line}${space}${fence}`
}

/**
 * Text from a test as inline code in a table cell. A table is split into cells before code spans are seen, and
 * implementations disagree about backslashes there, so that anything but plain text is spelled in character
 * references, which no parser takes for syntax.
 */
export function cell(text: string): string {
  const line = visibleLine(text).trim()
  if (!/[|\\`]/.test(line)) return code(line)
  return `<code>${line.replaceAll(/[^\p{L}\p{N} ]/gu, (character) => `&#${character.codePointAt(0)};`)}</code>`
}

/** Text from a test as a block of code. The fence is longer than any run of backticks inside, so nothing closes it. */
export function fenced(text: string, language: string): string {
  const block = visible(text).replaceAll('\t', '  ')
  const fence = '`'.repeat(Math.max(3, longestRun(block) + 1))
  return `${fence}${language}\n${block}\n${fence}`
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
}

/** A table. Cells are Markdown already. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
