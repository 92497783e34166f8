import { nearest } from '../../../src/base/nearest.ts'
import type { FaultSource } from '../grammar/fault-errors.ts'
import { DELAY_MS_MAX, STEPS_MAX, TEXT_MAX, TIMES_MAX } from '../grammar/limits.ts'
import { describeType, readArg } from '../grammar/param.ts'
import { parseArgs } from './parse-args.ts'
import type { FaultProgram, FaultStep } from '../grammar/program.ts'
import { Scanner } from '../grammar/scanner.ts'
import type { Verb } from '../points/verb.ts'
import { findVerb, kindsWith, verbNames, type PointKind } from '../points/points.ts'

export interface ParseOptions {
  /** The kind of point the program is for; its verbs alone are then known. Default: every verb is. */
  readonly kind?: PointKind | undefined
  /** Where the text is in a file, for the position in errors. Default: positions within the text. */
  readonly where?: FaultSource | undefined
}

/**
 * Reads a fault program, e.g. `2%3*reject(ECONNRESET)@50 -> off`. White space between tokens is free.
 *
 * @example
 * ```ts
 * parseFaultProgram('3*reject(ECONNRESET) -> off', { kind: 'step' }).steps.length // 2
 * ```
 * @throws FaultSyntaxError saying what was expected, where, what was got, and the nearest known word
 */
export function parseFaultProgram(text: string, options: ParseOptions = {}): FaultProgram {
  const scanner = new Scanner(text, options.where)
  if (text.length > TEXT_MAX) {
    scanner.fail(TEXT_MAX, `a fault program of at most ${TEXT_MAX} characters`, { got: String(text.length) })
  }
  scanner.skipSpace()
  if (scanner.atEnd) {
    scanner.fail(scanner.offset, `a fault program such as \`3*reject(ECONNRESET) -> off\``)
  }
  const steps = [parseStep(scanner, options.kind)]
  for (;;) {
    scanner.skipSpace()
    if (scanner.atEnd) return { steps }
    const arrow = scanner.offset
    if (!scanner.eat('->')) scanner.fail(arrow, '`->` or the end of the program after the step')
    if (steps.at(-1)?.times === Infinity) {
      scanner.fail(arrow, 'nothing after a step that repeats forever (`inf*`, `sticky*`)', {
        got: 'another step',
      })
    }
    scanner.skipSpace()
    if (scanner.atEnd) scanner.fail(scanner.offset, 'a step after `->`')
    if (steps.length === STEPS_MAX) scanner.fail(arrow, `at most ${STEPS_MAX} steps`, { got: 'one more' })
    steps.push(parseStep(scanner, options.kind))
  }
}

function parseStep(scanner: Scanner, kind: PointKind | undefined): FaultStep {
  const { percent, times, sticky } = parsePrefix(scanner)
  const verb = parseVerb(scanner, kind)
  const { args, named } = parseArgs(scanner, verb)
  const step = { percent, times, verb: verb.name, args, named, afterMs: parseAfter(scanner) }
  return sticky ? { ...step, sticky } : step
}

interface Prefix {
  readonly percent: number
  readonly times: number
  readonly sticky: boolean
}

/** Reads `[P "%"] [N "*" | "inf*" | "sticky*"]`. */
function parsePrefix(scanner: Scanner): Prefix {
  let percent: number | undefined
  for (;;) {
    scanner.skipSpace()
    const number = scanner.number()
    if (number === undefined) return { percent: percent ?? 100, ...parseForever(scanner) }
    const numberEnd = scanner.offset
    scanner.skipSpace()
    if (scanner.eat('%')) {
      if (percent !== undefined) scanner.fail(number.start, 'one chance per step')
      if (!(number.value > 0 && number.value <= 100)) {
        scanner.fail(number.start, 'a chance above 0% and up to 100%')
      }
      percent = number.value
    } else if (scanner.eat('*')) {
      if (!Number.isInteger(number.value) || number.value < 1 || number.value > TIMES_MAX) {
        scanner.fail(number.start, `a count from 1* to ${TIMES_MAX}*, or inf*`)
      }
      refuseSecondPrefix(scanner)
      return { percent: percent ?? 100, times: number.value, sticky: false }
    } else {
      scanner.offset = numberEnd
      scanner.fail(number.start, 'a count such as 3* or a chance such as 2% before the verb')
    }
  }
}

/** Reads `inf*` or `sticky*`; without it a step takes one call. */
function parseForever(scanner: Scanner): Omit<Prefix, 'percent'> {
  const start = scanner.offset
  const word = scanner.word()
  if (word === 'inf' || word === 'sticky') {
    scanner.skipSpace()
    if (scanner.eat('*')) {
      refuseSecondPrefix(scanner)
      return { times: Infinity, sticky: word === 'sticky' }
    }
  }
  scanner.offset = start
  return { times: 1, sticky: false }
}

function refuseSecondPrefix(scanner: Scanner): void {
  scanner.skipSpace()
  const start = scanner.offset
  if (scanner.number() !== undefined) {
    scanner.fail(start, 'the verb after the count; a chance comes before it, as in `2%3*reject`')
  }
}

function parseVerb(scanner: Scanner, kind: PointKind | undefined): Verb {
  const start = scanner.offset
  const name = scanner.word()
  const points = kind === undefined ? '' : ` of ${kind} points`
  const hint = `${kind === undefined ? 'The verbs are' : `${kind} points have`} ${verbNames(kind).join(', ')}.`
  if (name === undefined) return scanner.fail(start, `a verb${points}`, { hint })
  const verb = findVerb(name, kind)
  if (verb !== undefined) return verb
  const kinds = kindsWith(name)
  if (kinds.length > 0) {
    return scanner.fail(start, `a verb${points}`, {
      got: `\`${name}\`, a verb of ${kinds.join(' and ')} points`,
      hint,
    })
  }
  return scanner.fail(start, `a verb${points}`, { suggestion: nearest(name, verbNames(kind)), hint })
}

/** Reads `["@" MS]`. */
function parseAfter(scanner: Scanner): number {
  scanner.skipSpace()
  if (!scanner.eat('@')) return 0
  scanner.skipSpace()
  const start = scanner.offset
  const number = scanner.number()
  const unit = number === undefined ? '' : (scanner.word() ?? '')
  const type = { kind: 'duration' } as const
  const afterMs =
    number === undefined ? undefined : readArg(type, { kind: 'number', value: number.value, unit })
  if (typeof afterMs === 'number') return afterMs
  return scanner.fail(start, `${describeType(type)}, after \`@\``, { hint: `At most ${DELAY_MS_MAX} ms.` })
}
