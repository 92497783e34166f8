/** The signs that our own words are set with, for a terminal that has only ASCII. */
const SIGNS: Readonly<Record<string, string>> = {
  '✓': '+',
  '✗': 'x',
  '•': '*',
  '·': '-',
  '×': 'x',
  '─': '-',
  '–': '-',
  '…': '...',
  '→': '->',
  '›': '>',
  '⏎': '\\n',
  '“': '"',
  '”': '"',
}

const ANY_SIGN = new RegExp(`[${Object.keys(SIGNS).join('')}]`, 'g')

/** The text with our signs spelled in ASCII. What a test has named otherwise stays: it may be readable after all. */
export function inAscii(text: string): string {
  return text.replaceAll(ANY_SIGN, (sign) => SIGNS[sign] ?? sign)
}
