/** An unquoted value: up to a blank, a quote, or what separates values in a query, a form or a connection string. */
const WORD = /(?:[^\s&;,"'`<>]|,(?![\s"'`]|$(?![\s\S])|[A-Za-z_-]{1,32}[=:]))+/y
/** Punctuation of the sentence or the code around a value, and the backslash of the escaped quote that follows it. */
const TRAILING = /[)\]}.:\\]{1,16}$/

/** Where an unquoted value that starts at `start` ends. */
export function afterWord(text: string, start: number): number {
  WORD.lastIndex = start
  const word = WORD.exec(text)?.[0] ?? ''
  // The text of a replacement (`[redacted api key]`) keeps its bracket; only what is left over from code goes.
  const trailing = TRAILING.exec(word.slice(-16))?.[0] ?? ''
  return start + word.length - trailing.length
}

/**
 * Where a quoted value ends: before the quote that closes it, or at the end of the line when none does.
 *
 * In JSON inside JSON a quote is written `\"`, and one inside the value `\\\"`; so the quote that closes has as many
 * backslashes before it as the one that opens, and in between every escaped one has more.
 *
 * @param open the opening quote with its backslashes
 */
export function afterQuoted(text: string, start: number, open: string): number {
  const quote = open.at(-1) ?? '"'
  const depth = open.length - 1
  for (let at = start; at < text.length; at++) {
    const letter = text[at]
    if (letter === '\n' || letter === '\r') return at
    if (letter !== quote) continue
    let backslashes = 0
    // This ends at the opening quote at the latest, which is right before `start`.
    while (text[at - backslashes - 1] === '\\') backslashes++
    if (backslashes <= depth || (backslashes - depth) % (2 * (depth + 1)) === 0)
      return at - Math.min(backslashes, depth)
  }
  return text.length
}
