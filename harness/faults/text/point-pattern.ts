import { nearest } from '../../../src/base/nearest.ts'
import type { FaultSource } from '../grammar/fault-errors.ts'
import { POINT_NAME_MAX, TIMES_MAX } from '../grammar/limits.ts'
import { Scanner } from '../grammar/scanner.ts'
import type { Point, WrittenName } from '../points/point.ts'
import { findPoint, pointKinds, type PointKind, type PointPattern } from '../points/points.ts'

/**
 * Reads which boundary point a program is for: `step:draft`, `fn:save#2` (the second call only), `http:POST /orders`,
 * `http:* /orders`, `http:GET /items?page=2`, `http:GET https://api.example.com/v1`. Methods are put in capitals, paths
 * written as `fetch` would send them and query parameters sorted.
 *
 * @throws FaultSyntaxError saying what was expected, where, what was got, and the nearest known kind; also for a pattern
 * that no call could ever match
 *
 * @example
 * ```ts
 * parsePointPattern('http:post /orders#2') // { kind: 'http', name: 'POST /orders', nth: 2 }
 * ```
 */
export function parsePointPattern(text: string, where?: FaultSource): PointPattern {
  const { scanner, point, name, hash } = readPoint(text, where)
  const nth = hash === -1 ? undefined : readNth(scanner, hash)
  return { kind: point.kind, name: point.readName(name, scanner), nth }
}

/**
 * The same where all calls of a point are meant, as in an expected number of calls.
 * @throws FaultSyntaxError also for `#nth`
 */
export function parsePoint(text: string, where?: FaultSource): PointPattern {
  const { scanner, point, name, hash } = readPoint(text, where)
  if (hash !== -1) {
    scanner.offset = scanner.text.length
    scanner.fail(hash, 'a point without the number of a call', {
      hint: 'Only a fault can be meant for a single call.',
    })
  }
  return { kind: point.kind, name: point.readName(name, scanner), nth: undefined }
}

interface ReadPoint {
  readonly scanner: Scanner
  readonly point: Point<PointKind>
  readonly name: WrittenName
  /** Where the number of a call follows; −1 when there is none. */
  readonly hash: number
}

/** Reads `kind ":" name`, up to the end or `#`. */
function readPoint(text: string, where: FaultSource | undefined): ReadPoint {
  const scanner = new Scanner(text, where)
  if (text.length > POINT_NAME_MAX) {
    scanner.fail(POINT_NAME_MAX, `a point of at most ${POINT_NAME_MAX} characters`, {
      got: String(text.length),
    })
  }
  const point = readKind(scanner)
  scanner.skipSpace()
  const start = scanner.offset
  const hash = text.indexOf('#', start)
  const name = text.slice(start, hash === -1 ? endOf(text, start) : hash)
  if (name === '') scanner.fail(start, 'a name after `:`')
  const control = name.search(/\p{Cc}/u)
  if (control !== -1) scanner.fail(start + control, 'a name on one line')
  if (name !== name.trim())
    scanner.fail(start + name.trimEnd().length, 'no white space around the name', { got: 'some' })
  return { scanner, point, name: { text: name, start }, hash }
}

function readKind(scanner: Scanner): Point<PointKind> {
  scanner.skipSpace()
  const start = scanner.offset
  const word = scanner.word()
  const point = findPoint(word)
  if (point === undefined) {
    return scanner.fail(start, `a point of kind ${pointKinds.join(', ')}, such as \`step:draft\``, {
      suggestion: word === undefined ? undefined : nearest(word, pointKinds),
    })
  }
  if (!scanner.eat(':')) scanner.fail(scanner.offset, `\`:\` after \`${point.kind}\``)
  return point
}

/** Reads the number after `#`. */
function readNth(scanner: Scanner, hash: number): number {
  const { text } = scanner
  const start = hash + 1
  const nth = text.slice(start, endOf(text, start))
  if (!/^[1-9][0-9]*$/.test(nth) || Number(nth) > TIMES_MAX) {
    scanner.offset = endOf(text, start)
    scanner.fail(start, `the number of a call after \`#\`, from 1 to ${TIMES_MAX}`)
  }
  return Number(nth)
}

/** Where the text ends that starts here, white space at its end left out. */
function endOf(text: string, start: number): number {
  return Math.max(start, text.trimEnd().length)
}
