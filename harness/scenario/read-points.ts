import { isMapping } from '../faults/grammar/json.ts'
import { suggest } from '../../src/base/nearest.ts'
import { FaultSyntaxError } from '../faults/grammar/fault-errors.ts'
import { kindOf, type PointPattern } from '../faults/points/points.ts'
import { parseFaultProgram } from '../faults/text/parse.ts'
import { parsePoint, parsePointPattern } from '../faults/text/point-pattern.ts'
import { printFaultProgram, printPointPattern } from '../faults/text/print.ts'
import { keepFaults, type ScenarioFault } from './faults-of.ts'
import type { Expectation } from './expectation.ts'
import { wrongMatchersIn } from './schema-parts.ts'
import type { ScenarioSpec } from './spec.ts'

/** Text of a scenario that is not in the fault grammar. */
export interface FaultMistake {
  readonly path: readonly (string | number)[]
  /** Whether the mistake is in the key or in its value, and how many UTF-16 units into it. */
  readonly part: 'key' | 'value'
  readonly offset: number
  readonly message: (place: string) => string
}

/** A key that is spelt in its canonical way in the scenario's data. */
export interface Respelling {
  /** The mapping the key is in. */
  readonly path: readonly string[]
  readonly written: string
  readonly meant: string
}

/** One entry of `faults`, as written and read. */
interface ReadFault extends ScenarioFault {
  readonly written: string
}

/** Everything of a scenario that is in the fault grammar: boundary points and fault programs. */
export interface ReadPoints {
  readonly mistakes: readonly FaultMistake[]
  /** What could be read, in declared order. */
  readonly faults: readonly ReadFault[]
  /** Points of expected calls, as written → in their canonical spelling. */
  readonly calls: ReadonlyMap<string, string>
  /** The expected order in canonical spelling. */
  readonly order: readonly string[]
  /** The moment a call is made at which the caller leaves, in canonical spelling; `undefined` where it is none. */
  readonly abort: { readonly at: string } | undefined
}

/**
 * Reads every fault program and boundary point of a scenario, each once. Takes the scenario as written, so that mistakes
 * here are told together with those of its shape; what has the wrong shape is passed over.
 */
export function readPoints(scenario: unknown): ReadPoints {
  const mistakes: FaultMistake[] = []
  const read = <T>(path: FaultMistake['path'], part: FaultMistake['part'], parse: () => T): T | undefined => {
    try {
      return parse()
    } catch (error) {
      if (!(error instanceof FaultSyntaxError)) throw error
      mistakes.push({ path, part, offset: error.offset, message: (place) => sentence(error, place) })
      return undefined
    }
  }
  const faults: ReadFault[] = []
  for (const [written, text] of entriesOf(member(scenario, 'faults'))) {
    const path = ['faults', written]
    const pattern = read(path, 'key', () => parsePointPattern(written))
    if (pattern === undefined || typeof text !== 'string') continue
    const program = read(path, 'value', () => parseFaultProgram(text, { kind: pattern.kind }))
    if (program !== undefined) faults.push({ written, pattern, program })
  }
  const expect = member(scenario, 'expect')
  const calls = new Map<string, string>()
  for (const [written, about] of entriesOf(member(expect, 'calls'))) {
    const point = read(['expect', 'calls', written], 'key', () => parsePoint(written))
    if (point === undefined) continue
    calls.set(written, printPointPattern(point))
    const isRequest = kindOf(point.kind)?.isRequest === true
    if (isRequest) mistakes.push(...wrongInputMatchers(written, about))
    if (!isRequest && member(about, 'headers') !== undefined)
      mistakes.push({
        path: ['expect', 'calls', written, 'headers'],
        part: 'key',
        offset: 0,
        message: (place) =>
          `Expected \`headers\` in ${place} to be of an \`http:\` point, as only requests have any; got \`${written}\`.`,
      })
  }
  const order: string[] = []
  const ordered = member(expect, 'order')
  for (const [index, written] of (Array.isArray(ordered) ? ordered : []).entries()) {
    if (typeof written !== 'string') continue
    const point = read(['expect', 'order', index], 'value', () => parsePoint(written))
    if (point !== undefined) order.push(printPointPattern(point))
  }
  const readMoment = (path: FaultMistake['path'], moment: unknown): PointPattern | undefined => {
    const point = member(moment, 'at')
    return typeof point === 'string'
      ? read([...path, 'at'], 'value', () => parsePointPattern(point))
      : undefined
  }
  const at = readMoment(['abort'], member(scenario, 'abort'))
  readMoment(['crash'], member(scenario, 'crash'))
  for (const [path, moment] of callersMoments(scenario)) readMoment(path, moment)
  const abort = at === undefined ? undefined : { at: printPointPattern(at) }
  return { mistakes, faults, calls, order, abort }
}

/**
 * Gives every boundary point and fault program its one spelling, so that however a scenario was written down its data
 * is the same: `http:post /orders: 3 * reject` is `http:POST /orders: 3*reject`. The programs that were read go with the
 * data: the code that runs it need not read them again.
 *
 * @param read what `readPoints` made of the same scenario, without mistakes
 */
export function canonicalSpec<S extends ScenarioSpec>(
  spec: S,
  read: ReadPoints,
): { readonly spec: S; readonly respelt: readonly Respelling[] } {
  const respelt: Respelling[] = []
  const note = (path: readonly string[], written: string, meant: string): void => {
    if (written !== meant) respelt.push({ path, written, meant })
  }
  const faults = canonicalFaults(read.faults)
  for (const { written, pattern } of read.faults) note(['faults'], written, printPointPattern(pattern))
  for (const [written, meant] of read.calls) note(['expect', 'calls'], written, meant)
  const expect = canonicalExpectation(spec.expect, read)
  const left = read.abort === undefined ? {} : { abort: read.abort }
  return { spec: { ...spec, faults, expect, ...left }, respelt }
}

/** The faults as they are in a scenario's data. */
export function canonicalFaults(faults: readonly ScenarioFault[]): ScenarioSpec['faults'] {
  const texts = faults.map(({ pattern, program }): [string, string] => [
    printPointPattern(pattern),
    printFaultProgram(program),
  ])
  return keepFaults(
    Object.fromEntries(texts),
    faults.map(({ pattern, program }) => ({ pattern, program })),
  )
}

/** An expectation whose points have their canonical spelling. */
export function canonicalExpectation(expect: Expectation, { calls, order }: ReadPoints): Expectation {
  const counts = Object.entries(expect.calls ?? {}).map(([written, count]) => [
    calls.get(written) ?? written,
    count,
  ])
  return {
    ...expect,
    ...(expect.calls === undefined ? {} : { calls: Object.fromEntries(counts) as Expectation['calls'] }),
    ...(expect.order === undefined ? {} : { order }),
  }
}

/** Matchers in what requests must hold; at other points `{ matches }` is data. */
function wrongInputMatchers(written: string, about: unknown): readonly FaultMistake[] {
  const inputs = ['expect', 'calls', written, 'inputs']
  return wrongMatchersIn(member(about, 'inputs')).map(({ path, expected }) => ({
    path: [...inputs, ...path],
    part: 'value',
    offset: 0,
    message: (place) =>
      `Expected \`${path.at(-1)}\` in ${place} to be ${expected}. Beside a text, { matches } and { contains } are matchers.`,
  }))
}

/** When each of several callers leaves, and where that is said. */
function callersMoments(scenario: unknown): readonly (readonly [FaultMistake['path'], unknown])[] {
  const of = (
    parent: FaultMistake['path'],
    holder: unknown,
  ): readonly (readonly [FaultMistake['path'], unknown])[] =>
    listOf(member(holder, 'callers')).map((caller, index) => [
      [...parent, 'callers', index, 'abort'],
      member(caller, 'abort'),
    ])
  const phases = listOf(member(scenario, 'phases'))
  return [...of([], scenario), ...phases.flatMap((phase, index) => of(['phases', index], phase))]
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function member(value: unknown, key: string): unknown {
  return entriesOf(value).find(([name]) => name === key)?.[1]
}

function entriesOf(value: unknown): [string, unknown][] {
  return isMapping(value) ? Object.entries(value) : []
}

function sentence({ expected, got, suggestion, hint }: FaultSyntaxError, place: string): string {
  return `Expected ${expected} in ${place}, got ${got}.${suggest(suggestion)}${hint === undefined ? '' : ` ${hint}`}`
}
