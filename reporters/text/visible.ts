import { stripVTControlCharacters } from 'node:util'

/** C0 and C1 controls except tab and newline. */
// oxlint-disable-next-line eslint/no-control-regex -- finding control characters is what it is for
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g

/**
 * Letters without a width, marks that change the direction of the text around them, and everything else that is
 * invisible: with them one name can read as another one, or hold a text that only programs see.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]/u

/**
 * Where writing needs such a letter: joiners between the parts of an emoji and between letters of scripts that are
 * joined, the style of an emoji or a Han letter, the tags of a region's flag. They stay as they are.
 */
const NEEDED = new RegExp(
  [
    String.raw`(?<=\p{Extended_Pictographic}\uFE0F?\p{Emoji_Modifier}?)\u200D(?=\p{Extended_Pictographic})`,
    String.raw`(?<=[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}])[\u200C\u200D](?=\p{L})`,
    String.raw`(?<=\p{Emoji})[\uFE0E\uFE0F]`,
    String.raw`(?<=\p{Script=Han})[\uFE00-\uFE02\u{E0100}-\u{E01EF}]`,
    String.raw`(?<=\p{Script=Mongolian})[\u180B-\u180F]`,
    String.raw`(?<=\u{1F3F4})[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{2,6}\u{E007F}`,
  ].join('|'),
  'u',
)

const NEEDED_OR_INVISIBLE = new RegExp(`(?<needed>${NEEDED.source})|${INVISIBLE.source}`, 'gu')

/** Code point of `␀`; its neighbours picture the other C0 controls. */
const CONTROL_PICTURES = 0x2400

/**
 * Makes text safe to put anywhere a person looks: nothing in it moves a cursor, changes a colour, overwrites a line,
 * turns the reading direction or cannot be seen. What was hidden becomes visible instead of going away.
 */
export function visible(text: string): string {
  const lines = stripVTControlCharacters(text.toWellFormed())
    .replaceAll('\r\n', '\n')
    .replaceAll(/[\u2028\u2029]/g, '\n')
    .replaceAll(CONTROLS, (control) => picture(control.charCodeAt(0)))
  // Nearly no text has any: one quick look spares it the slow one.
  return INVISIBLE.test(lines)
    ? lines.replaceAll(NEEDED_OR_INVISIBLE, (mark, needed: string | undefined) => needed ?? codePoint(mark))
    : lines
}

/** `<U+200B>`. */
function codePoint(mark: string): string {
  return `<U+${(mark.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`
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
