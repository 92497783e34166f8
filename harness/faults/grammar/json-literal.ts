import type { StoredJson } from './json.ts'
import { JSON_DEPTH_MAX } from './limits.ts'
import type { Scanner } from './scanner.ts'

// JSON.parse cannot say where it stopped in a larger text, and reading ahead for the end of a literal is parsing it.

// oxlint-disable-next-line no-control-regex -- JSON excludes exactly these from its strings
const PLAIN = /[^"\\\u0000-\u001F]+/y
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** Reads one JSON value (RFC 8259). @throws FaultSyntaxError at the exact character */
export function readJson(scanner: Scanner, depth = 0): StoredJson {
  scanner.skipSpace()
  const start = scanner.offset
  if (depth > JSON_DEPTH_MAX) scanner.fail(start, `JSON nested at most ${JSON_DEPTH_MAX} deep`)
  switch (scanner.peek()) {
    case '"':
      return readString(scanner)
    case '[':
      return readArray(scanner, depth)
    case '{':
      return readObject(scanner, depth)
    default:
      return readPlain(scanner, start)
  }
}

/** Reads a string in double quotes; the opening quote is next. */
export function readString(scanner: Scanner): string {
  const start = scanner.offset
  scanner.eat('"')
  let read = ''
  for (;;) {
    PLAIN.lastIndex = scanner.offset
    const plain = PLAIN.exec(scanner.text)?.[0] ?? ''
    read += plain
    scanner.offset += plain.length
    if (scanner.eat('"')) return read
    if (scanner.atEnd)
      scanner.fail(scanner.text.length, `\`"\` to end the string that starts at offset ${start}`)
    if (scanner.peek() !== '\\')
      scanner.fail(scanner.offset, 'control characters in a string to be escaped, such as \\n')
    read += readEscape(scanner)
  }
}

function readEscape(scanner: Scanner): string {
  const start = scanner.offset
  scanner.eat('\\')
  if (scanner.eat('u')) {
    const digits = scanner.text.slice(scanner.offset, scanner.offset + 4)
    if (!/^[0-9A-Fa-f]{4}$/.test(digits)) scanner.fail(start, 'four hexadecimal digits after \\u')
    scanner.offset += 4
    return String.fromCharCode(Number.parseInt(digits, 16))
  }
  const escaped = Object.hasOwn(ESCAPES, scanner.peek()) ? ESCAPES[scanner.peek()] : undefined
  if (escaped === undefined)
    scanner.fail(start, 'one of the escapes \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX')
  scanner.offset += 1
  return escaped
}

function readArray(scanner: Scanner, depth: number): StoredJson[] {
  const items: StoredJson[] = []
  scanner.eat('[')
  scanner.skipSpace()
  if (scanner.eat(']')) return items
  for (;;) {
    items.push(readJson(scanner, depth + 1))
    scanner.skipSpace()
    if (scanner.eat(']')) return items
    if (!scanner.eat(',')) scanner.fail(scanner.offset, '`,` or `]` in the array')
  }
}

function readObject(scanner: Scanner, depth: number): { readonly [key: string]: StoredJson } {
  const entries = new Map<string, StoredJson>()
  scanner.eat('{')
  scanner.skipSpace()
  if (scanner.eat('}')) return {}
  for (;;) {
    scanner.skipSpace()
    const start = scanner.offset
    if (scanner.peek() !== '"') scanner.fail(start, 'a key in double quotes')
    const key = readString(scanner)
    if (entries.has(key)) scanner.fail(start, 'every key of the object once')
    scanner.skipSpace()
    if (!scanner.eat(':')) scanner.fail(scanner.offset, '`:` after the key')
    entries.set(key, readJson(scanner, depth + 1))
    scanner.skipSpace()
    // fromEntries defines own properties, so a key `__proto__` is data like any other.
    if (scanner.eat('}')) return Object.fromEntries(entries)
    if (!scanner.eat(',')) scanner.fail(scanner.offset, '`,` or `}` in the object')
  }
}

function readPlain(scanner: Scanner, start: number): StoredJson {
  const number = scanner.number()
  if (number !== undefined) return number.value
  switch (scanner.word()) {
    case 'true':
      return true
    case 'false':
      return false
    case 'null':
      return null
    default:
      return scanner.fail(
        start,
        'a JSON value (a string in double quotes, number, object, array, true, false or null)',
      )
  }
}
