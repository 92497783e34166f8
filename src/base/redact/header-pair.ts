import { REDACTED, REDACTED_START } from './boundary.ts'
import { SCHEME } from './named-secrets.ts'

// Headers as lists: `[['authorization', 'x1y2']]`, flat as Node's `rawHeaders` has them, and as names with values.

const HEADER = String.raw`(?:proxy-)?authorization|(?:set-)?cookie2?|(?:x-)?[a-z-]{0,24}(?:api-?key|token|secret)`

const HEADER_NAME = new RegExp(`^(?:${HEADER})$`, 'i')

/** In a text, over lines too: the name in quotes, a comma, the value in the same quotes. */
const PAIR = new RegExp(
  String.raw`(?<before>(?<quote>\\{0,3}["'])(?:${HEADER})\k<quote>,\s{0,40}\k<quote>)(?<value>[^"'\\\r\n]{1,8192})`,
  'gi',
)

const COLON = String.raw`\\{0,3}["']?\s{0,8}:\s{0,8}`

/** As an HTTP archive has them: `{"name":"X-Api-Key","value":"…"}`. */
const NAME_AND_VALUE = new RegExp(
  String.raw`(?<before>\bname${COLON}(?<quote>\\{0,3}["'])(?:${HEADER})\k<quote>,\s{0,40}\\{0,3}["']?value${COLON}\k<quote>)(?<value>[^"'\\\r\n]{1,8192})`,
  'gi',
)

/** Hides the values of headers that are written as pairs. */
export function hideInPairs(text: string): string {
  return text.replace(PAIR, hideIfSecret).replace(NAME_AND_VALUE, hideIfSecret)
}

function hideIfSecret(whole: string, before: string, _quote: string, value: string): string {
  return isSecret(value) ? `${before}${REDACTED}` : whole
}

/** Whether of two neighbours in a list, or of a name and its value, the second is the secret of the header that the first names. */
export function isHeaderPair(name: unknown, value: unknown): boolean {
  return (
    typeof name === 'string' &&
    typeof value === 'string' &&
    name.length <= 64 &&
    HEADER_NAME.test(name) &&
    isSecret(value)
  )
}

/** Not the next name in a list of names: `['authorization', 'cookie', 'x-api-key']`. */
function isSecret(value: string): boolean {
  if (value.includes(REDACTED_START)) return false
  const isOneWord = !/\s/.test(value)
  return (isOneWord && /\d/.test(value)) || /^[\w!#$%&*+.^|~-]{1,128}=/.test(value) || SCHEME.test(value)
}
