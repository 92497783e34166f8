import { nearest } from '../../../src/base/nearest.ts'
import type { FaultSource } from '../grammar/fault-errors.ts'
import { POINT_NAME_MAX, TIMES_MAX } from '../grammar/limits.ts'
import { pointKinds, type PointKind, type PointPattern } from '../grammar/program.ts'
import { Scanner } from '../grammar/scanner.ts'

const METHOD = /^(?:\*|[A-Za-z]+(?:-[A-Za-z]+)*)$/

/**
 * Reads which boundary point a program is for: `step:draft`, `fn:save#2` (the second call only), `http:POST /orders`,
 * `http:* /orders`, `http:GET https://api.example.com/v1`. Methods are put in capitals and paths written as `fetch`
 * would send them, so that a pattern and a call compare as text.
 * @throws FaultSyntaxError saying what was expected, where, what was got, and the nearest known kind
 */
export function parsePointPattern(text: string, where?: FaultSource): PointPattern {
  const scanner = new Scanner(text, where)
  if (text.length > POINT_NAME_MAX) {
    scanner.fail(POINT_NAME_MAX, `a point of at most ${POINT_NAME_MAX} characters`, {
      got: String(text.length),
    })
  }
  const kind = parseKind(scanner)
  const { name, start, nth } = splitName(scanner)
  return { kind, name: kind === 'http' ? requestName(scanner, name, start) : name, nth }
}

function parseKind(scanner: Scanner): PointKind {
  scanner.skipSpace()
  const start = scanner.offset
  const word = scanner.word()
  const kind = pointKinds.find((known) => known === word)
  if (kind === undefined) {
    scanner.fail(start, `a point of kind ${pointKinds.join(', ')}, such as \`step:draft\``, {
      suggestion: word === undefined ? undefined : nearest(word, pointKinds),
    })
  }
  if (!scanner.eat(':')) scanner.fail(scanner.offset, `\`:\` behind \`${kind}\``)
  return kind
}

/** Reads the rest of the text as `name ["#" nth]`. */
function splitName(scanner: Scanner): { name: string; start: number; nth: number | undefined } {
  scanner.skipSpace()
  const start = scanner.offset
  const end = scanner.text.trimEnd().length
  const hash = scanner.text.indexOf('#', start)
  const name = scanner.text.slice(start, hash === -1 ? Math.max(start, end) : hash)
  if (name === '') scanner.fail(start, 'a name behind `:`')
  const control = name.search(/\p{Cc}/u)
  if (control !== -1) scanner.fail(start + control, 'a name on one line')
  if (name !== name.trim())
    scanner.fail(start + name.trimEnd().length, 'no white space around the name', { got: 'some' })
  if (hash === -1) return { name, start, nth: undefined }
  const nth = scanner.text.slice(hash + 1, Math.max(hash + 1, end))
  if (!/^[1-9][0-9]*$/.test(nth) || Number(nth) > TIMES_MAX) {
    scanner.offset = Math.max(hash + 1, end)
    scanner.fail(hash + 1, `the number of a call behind \`#\`, from 1 to ${TIMES_MAX}`)
  }
  return { name, start, nth: Number(nth) }
}

/** `METHOD PATH` in the one spelling it has. */
function requestName(scanner: Scanner, name: string, start: number): string {
  const [method = '', ...rest] = name.split(/[ \t]+/)
  scanner.offset = start + method.length
  if (!METHOD.test(method)) {
    scanner.fail(start, 'a method and a path, such as `http:POST /orders` or `http:* /orders`')
  }
  const target = rest[0]
  if (target === undefined)
    scanner.fail(scanner.offset, 'a path behind the method, such as `http:POST /orders`')
  const targetStart = scanner.text.indexOf(target, scanner.offset)
  scanner.offset = targetStart + target.length
  const path = requestTarget(target)
  if (path === undefined)
    scanner.fail(targetStart, 'a path that starts with `/`, or a URL with http or https')
  if (rest.length > 1) scanner.fail(scanner.offset, 'a path without white space', { got: 'some' })
  return `${method.toUpperCase()} ${path}`
}

function requestTarget(target: string): string | undefined {
  const url = target.startsWith('/') ? URL.parse(`http://host${target}`) : URL.parse(target)
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined
  return target.startsWith('/') ? `${url.pathname}${url.search}` : url.href
}
