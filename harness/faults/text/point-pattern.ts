import { nearest } from '../../../src/base/nearest.ts'
import { wrongMatchers } from '../../match/matcher-rules.ts'
import type { FaultSource } from '../grammar/fault-errors.ts'
import type { StoredJson } from '../grammar/json.ts'
import { readJson } from '../grammar/json-literal.ts'
import { POINT_NAME_MAX, TIMES_MAX } from '../grammar/limits.ts'
import { Scanner } from '../grammar/scanner.ts'
import type { Point, WrittenName } from '../points/point.ts'
import { type PointKind, pointKinds, type PointPattern, pointTable } from '../points/points.ts'

/** What stands between a point and what its calls are given. */
const WHERE = ' where '

/** The same before what JSON begins with: `decide where to send` is a name. */
const CONDITION = / where [ \t]*(?=[[{"]|(?:-?\d[\d.eE+-]*|true|false|null)[ \t]*$)/u

/** Where a condition begins; -1 for none. */
function conditionIn(text: string, from: number): number {
  const found = text.slice(from).search(CONDITION)
  return found === -1 ? -1 : from + found
}

/**
 * Reads which boundary point a program is for: `step:draft`, `fn:save#2` (the second call only), `http:POST /orders`,
 * `http:* /orders`, `http:GET /items?page=2`, `http:GET https://api.example.com/v1`, `fn:save where {"id":7}`. Methods are put in capitals, paths
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
  return readPattern(text, where, false)
}

/**
 * The same where all calls of a point are meant, as in an expected number of calls.
 * @throws FaultSyntaxError also for `#nth`
 */
export function parsePoint(text: string, where?: FaultSource): PointPattern {
  return readPattern(text, where, true)
}

/** @param all every call of a point is meant, so that none is numbered */
function readPattern(text: string, where: FaultSource | undefined, all: boolean): PointPattern {
  const scanner = new Scanner(text, where)
  if (text.length > POINT_NAME_MAX) {
    scanner.fail(POINT_NAME_MAX, `a point of at most ${POINT_NAME_MAX} characters`, {
      got: String(text.length),
    })
  }
  const point = readKind(scanner)
  const condition = conditionIn(text, scanner.offset)
  const end = condition === -1 ? text.length : condition
  const { written, hash } = readName(scanner, point, end)
  if (hash !== -1 && all) {
    scanner.offset = end
    scanner.fail(hash, 'a point without the number of a call', {
      hint: 'Only a fault can be meant for a single call.',
    })
  }
  const nth = hash === -1 ? undefined : readNth(scanner, hash, end)
  const name = point.readName(written, scanner)
  if (condition === -1) return { kind: point.kind, name, nth }
  return { kind: point.kind, name, nth, where: readWhere(scanner, point, condition) }
}

function readKind(scanner: Scanner): Point<PointKind> {
  scanner.skipSpace()
  const start = scanner.offset
  const word = scanner.word()
  const point = pointTable.find(({ kind }) => kind === word)
  if (point !== undefined) return point
  return scanner.fail(start, `a point of kind ${pointKinds.join(', ')}, such as \`step:draft\``, {
    suggestion: word === undefined ? undefined : nearest(word, pointKinds),
  })
}

/** A name, and where the number of a call follows it; −1 when there is none. */
interface ReadName {
  readonly written: WrittenName
  readonly hash: number
}

/** Reads `":" name`, up to the end or `#`. */
function readName(scanner: Scanner, { kind }: Point, limit: number): ReadName {
  if (!scanner.eat(':')) scanner.fail(scanner.offset, `\`:\` after \`${kind}\``)
  scanner.skipSpace()
  const start = scanner.offset
  const text = scanner.text.slice(0, limit)
  const hash = text.indexOf('#', start)
  const name = text.slice(start, hash === -1 ? endOf(text, start) : hash)
  if (name === '') scanner.fail(start, 'a name after `:`')
  const control = name.search(/\p{Cc}/u)
  if (control !== -1) scanner.fail(start + control, 'a name on one line')
  if (name !== name.trim())
    scanner.fail(start + name.trimEnd().length, 'no white space around the name', { got: 'some' })
  return { written: { text: name, start }, hash }
}

/** Reads the number after `#`. */
function readNth(scanner: Scanner, hash: number, limit: number): number {
  const text = scanner.text.slice(0, limit)
  const start = hash + 1
  const nth = text.slice(start, endOf(text, start))
  if (!/^[1-9][0-9]*$/.test(nth) || Number(nth) > TIMES_MAX) {
    scanner.offset = endOf(text, start)
    scanner.fail(start, `the number of a call after \`#\`, from 1 to ${TIMES_MAX}`)
  }
  return Number(nth)
}

/** Reads what follows `where`: JSON, up to the end. */
function readWhere(scanner: Scanner, point: Point, at: number): StoredJson {
  scanner.offset = at + WHERE.length
  if (point.meets === undefined) scanner.fail(at + 1, `a ${point.kind} point without \`where\``)
  scanner.skipSpace()
  const start = scanner.offset
  const where = readJson(scanner)
  const rule = point.whereRule?.(where)
  if (rule !== undefined) scanner.fail(start, rule)
  for (const { path, expected } of wrongMatchers(where))
    scanner.fail(start, `\`${path.join('.')}\` of \`where\` to be ${expected}`)
  scanner.skipSpace()
  if (!scanner.atEnd) scanner.fail(scanner.offset, 'nothing after the JSON of `where`')
  return where
}

/** Where the text ends that starts here, white space at its end left out. */
function endOf(text: string, start: number): number {
  return Math.max(start, text.trimEnd().length)
}
