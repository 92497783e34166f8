import { stripVTControlCharacters } from 'node:util'

/** C0 and C1 controls except tab and newline. */
// oxlint-disable-next-line eslint/no-control-regex -- finding control characters is what it is for
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g

/** Marks that change the direction of the text around them, so that a name can read as another one. */
const DIRECTION_MARKS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g

/** Code point of `␀`; its neighbours picture the other C0 controls. */
const CONTROL_PICTURES = 0x2400

/**
 * Makes text safe to put anywhere a person looks: nothing in it moves a cursor, changes a colour, overwrites a line
 * or turns the reading direction. What was hidden becomes visible instead of going away.
 */
export function visible(text: string): string {
  return stripVTControlCharacters(text.toWellFormed())
    .replaceAll('\r\n', '\n')
    .replaceAll(/[\u2028\u2029]/g, '\n')
    .replaceAll(CONTROLS, (control) => picture(control.charCodeAt(0)))
    .replaceAll(
      DIRECTION_MARKS,
      (mark) => `<U+${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}>`,
    )
}

function picture(code: number): string {
  if (code === 0x7f) return '␡'
  return code < 0x20 ? String.fromCharCode(CONTROL_PICTURES + code) : '�'
}

/** The same on one line, for names: line breaks are shown as `⏎`. */
export function visibleLine(text: string): string {
  return visible(text)
    .replaceAll(/\s*\n\s*/g, ' ⏎ ')
    .replaceAll('\t', ' ')
}

/** The text, cut to `charsMax` with an ellipsis; never in the middle of a surrogate pair. */
export function shorten(text: string, charsMax: number): string {
  return text.length <= charsMax ? text : `${text.slice(0, charsMax - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** The first lines, and a line that says how many are missing. */
export function firstLines(text: string, linesMax: number): string {
  const lines = text.split('\n')
  const left = lines.length - linesMax
  return left > 0 ? [...lines.slice(0, linesMax), `… ${left} more lines`].join('\n') : text
}
