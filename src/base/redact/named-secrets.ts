import { REDACTED, REDACTED_START } from './boundary.ts'
import { afterQuoted, afterWord } from './value-end.ts'

// Secrets that are known by the name before them: `password=…`, `"api_key": "…"`, `Cookie: …`, `?token=…`.

/** Names whose value is a secret whatever it looks like. */
const PASSWORDS =
  'pass(?:word|wd|phrase)|pwd|secret|api[_ -]?key|(?:secret|account|access|private|signing|shared|subscription|functions|secret[_-]?access|shared[_-]?access|connection)[_-]?key|_auth'
/** A name that ordinary text has, too: parsers have tokens. */
const TOKENS = 'token'
const HEADERS = 'authorization|cookie2?'
/** `password_confirmation`, `password2`, `PASSWORD_1`. */
const SUFFIX = String.raw`(?:[_-]?(?:confirm(?:ation)?|again|repeat|\d{1,2}))?`

/** `pass` is an ordinary word, but not beside a user or first in `auth`: `auth: { user: 'me', pass: '…' }`. */
const COLON = String.raw`\\{0,7}["']?\s{0,8}:\s{0,8}`
const PASS_OF_USER = String.raw`pass(?<=(?:user(?:name)?${COLON}\\{0,7}["'][^"'\\\r\n]{0,256}\\{0,7}["'],|auth${COLON}\{)\s{0,40}\\{0,7}["']?pass)`

/** `'password' => '…'` of a printed map; `"--password", "…"` of a list of arguments, unless another option follows. */
const ARROW = String.raw`(?<=["'\`][ \t]{0,8})=>(?=[ \t]{0,8}\\{0,7}["'\`])`
const NEXT_ARGUMENT = String.raw`(?<=["'\`]--[a-z-]{3,40}\\{0,7}["'\`]),\s{0,40}(?=\\{0,7}["'\`](?!-))`

/**
 * A name, the quote it may be in, and what is between it and its value; what comes before the name does not
 * matter (`DB_PASSWORD`, `userPassword`, `x-api-key`). Every part is bounded, so the search is linear.
 */
const NAMED = String.raw`(?:(?<password>${PASSWORDS}|${PASS_OF_USER})${SUFFIX}|(?<token>${TOKENS})|(?<header>${HEADERS}))(?<quote>\\{0,7}["'\`]\]?)?(?<gap>[ \t]{0,8}(?:=(?![=>~])|${ARROW}|${NEXT_ARGUMENT}|:(?![:/])|%3[AaDd]|(?<=--[a-z-]{3,40}) (?!-))[ \t]{0,8})(?<open>\\{0,7}["'\`])?`
const NAMED_SECRET = new RegExp(NAMED, 'gi')

/** Finds text that may hold a secret with its name; a test with it is cheaper than hiding. */
export const NAMED_SECRET_HINT = new RegExp(
  String.raw`(?:(?:${PASSWORDS})${SUFFIX}|${TOKENS}|${HEADERS}s?)\\{0,7}["'\`]?\]?[ \t]{0,8}(?:[:=,]|%3|(?<=--[a-z-]{3,40} ))|pass\\{0,7}["'\`]?[ \t]{0,8}:|_auth`,
  'i',
)

/** What people write where a value would be: says only that there is or should be one. */
const NO_SECRET =
  /^(?:\[redacted.*|undefined|null|nil|none|true|false|yes|no|required|missing|invalid|empty|expired|unknown|token|string|number|boolean|object|any|optional|unset|\$\{?[A-Z_][A-Z0-9_]*\}?|\$\{.*|\{\{.*|process\.env\b.*|<.*|\*+|\.+|…)$/i

/** How the value of a header begins that carries credentials. */
export const SCHEME =
  /^(?<scheme>bearer|basic|token|apikey|api-key|dpop|digest|negotiate|ntlm|hmac|hawk|sharedkey(?:lite)?|aws4-hmac-sha256)(?:[ \t]+|%20|\+)/i
/** Schemes whose credentials are several words. */
const OF_MANY_WORDS = /^(?:digest|hmac|hawk|aws4-hmac-sha256)$/i

/** Replaces what follows the name of a secret. */
export function hideNamedSecrets(text: string): string {
  let hidden = ''
  let done = 0
  NAMED_SECRET.lastIndex = 0
  for (let match = NAMED_SECRET.exec(text); match !== null; match = NAMED_SECRET.exec(text)) {
    const found = valueAt(text, NAMED_SECRET.lastIndex, match.groups ?? {})
    if (found === undefined) continue
    NAMED_SECRET.lastIndex = found.end
    if (!found.secret) continue
    hidden += text.slice(done, found.start) + REDACTED
    done = found.end
  }
  return hidden + text.slice(done)
}

interface Value {
  readonly start: number
  readonly end: number
  readonly secret: boolean
}

type Groups = Readonly<Record<string, string | undefined>>

/** The value that starts at `start`; `undefined` where there is none, or none that needs to be skipped. */
function valueAt(text: string, start: number, groups: Groups): Value | undefined {
  const { open } = groups
  if (open === undefined) {
    return groups['header'] === undefined ? bareValue(text, start, groups) : headerValue(text, start, groups)
  }
  const end = afterQuoted(text, start, open)
  const value = text.slice(start, end)
  // `"Password:", "x"`: the quote after the colon ends what began before the name.
  const isClosingQuote = groups['quote'] === undefined && /^[\s,;)\]}+]/.test(value)
  if (value === '' || isClosingQuote) return undefined
  // `option('--password', 'the password to use')`: a sentence is no argument.
  if (groups['gap']?.startsWith(',') === true && /\s/.test(value)) return undefined
  if (groups['header'] === undefined || isCookie(groups))
    return { start, end, secret: !NO_SECRET.test(value) }
  const credentials = start + (SCHEME.exec(value)?.[0].length ?? 0)
  return { start: credentials, end, secret: !NO_SECRET.test(text.slice(credentials, end)) }
}

/** `password=…`, `token: …` without quotes. */
function bareValue(text: string, start: number, { password, gap = '' }: Groups): Value | undefined {
  const isAssigned = gap === '=' || gap.startsWith('%3')
  // A parser says `token: identifier`, and points are named `token:2`: only a long value with digits is hidden.
  if (password === undefined && !isAssigned && !isLongAndRandom(text, start)) return undefined
  const end = afterWord(text, start)
  const value = text.slice(start, end)
  if (value === '') return undefined
  const isFolder = password?.toLowerCase() === 'pwd' && value.startsWith('/')
  if (isFolder || NO_SECRET.test(value)) return { start, end, secret: false }
  if (isAssigned || password === undefined) return { start, end, secret: true }
  // It may be a sentence (`password: must have 8 letters`) or code (`password: hash(next)`).
  const isCode = /[()[\]{}]/.test(value)
  return { start, end, secret: value.length >= 4 && !isCode && (isRandom(value) || endsThere(text, end)) }
}

function isLongAndRandom(text: string, start: number): boolean {
  const head = /^[^\s:=&;,"'`<>]*/.exec(text.slice(start, start + TOKEN_HEAD_MAX))?.[0] ?? ''
  return head.length >= 8 && isRandom(head) && !/[()[\]{}]/.test(head)
}

/** Enough to see what a token looks like; a bound, because a hostile text can repeat the name without end. */
const TOKEN_HEAD_MAX = 64

/** Has what words of a sentence and names in code have not. */
function isRandom(value: string): boolean {
  return /[\d!#$%^&*+/=~]/.test(value) && !/^\d+:\d/.test(value)
}

/** The value is the last thing of its line or clause. */
function endsThere(text: string, end: number): boolean {
  return /^(?:[ \t]{0,8}(?:$|[\r\n,;"'`])|\\)/.test(text.slice(end, end + 9))
}

/** `Authorization: Bearer …`, `Cookie: a=b; c=d` without quotes. */
function headerValue(text: string, start: number, groups: Groups): Value | undefined {
  if (isCookie(groups)) {
    // A cookie has a name and a value; a sentence about one has not.
    if (!/^[\w!#$%&*+.^|~-]{1,128}=/.test(text.slice(start, start + 130))) return undefined
    return { start, end: endAt(COOKIES_END, text, start), secret: true }
  }
  const { 0: before = '', groups: { scheme = '' } = {} } = SCHEME.exec(text.slice(start, start + 64)) ?? {}
  const credentials = start + before.length
  const end = OF_MANY_WORDS.test(scheme) ? endAt(LINE_END, text, credentials) : afterWord(text, credentials)
  const value = text.slice(credentials, end)
  if (value === '') return undefined
  const secret =
    !value.startsWith(REDACTED_START) &&
    !NO_SECRET.test(value) &&
    (scheme !== '' || isRandom(value) || (value.length >= 8 && endsThere(text, end)))
  return { start: credentials, end, secret }
}

function isCookie({ header }: Groups): boolean {
  return header?.toLowerCase().startsWith('cookie') === true
}

/** A header goes to the end of its line, which may be escaped; cookies also to the end of the quotes they are in. */
const LINE_END = /\\[rn]|[\r\n]/g
const COOKIES_END = /\\[rn"']|[\r\n"'`]/g

function endAt(end: RegExp, text: string, start: number): number {
  end.lastIndex = start
  return end.exec(text)?.index ?? text.length
}

const NAME_AT_END = new RegExp(`(?:(?<password>${PASSWORDS})${SUFFIX}|${TOKENS}|(?:${HEADERS})s?)$`, 'i')

/** What a key says of its value: `token` is a secret when it is a text; a `password` also when it is a number. */
export function secretOfName(key: string): 'any' | 'text' | 'none' {
  if (key === 'pass') return 'text'
  const match = NAME_AT_END.exec(key)
  if (match === null) return 'none'
  return match.groups?.['password'] === undefined ? 'text' : 'any'
}

/** Whether of two neighbours in a list of arguments the second is the secret that the first asks for. */
export function isSecretArgument(option: string, value: string): boolean {
  return (
    /^--[a-z-]{3,64}$/i.test(option) &&
    secretOfName(option) !== 'none' &&
    !/^-|\s/.test(value) &&
    value !== '' &&
    !NO_SECRET.test(value)
  )
}
