import type { PointCall } from '../faults/points/point.ts'
import { callMatcher, type PointPattern } from '../faults/points/points.ts'
import { parsePoint, parsePointPattern } from '../faults/text/point-pattern.ts'
import { printPointPattern } from '../faults/text/print.ts'
import type { Expectation } from './expectation.ts'

/** A point that a scenario names in what it expects, or as the moment of an abort or a crash. */
export interface NamedPoint {
  readonly pattern: PointPattern
  /** Whether a call is to this point, whichever of its calls is meant. */
  readonly matches: (call: PointCall) => boolean
}

/** What the points mean that belong to an object. Scenarios are frozen when they run, and judged again and again. */
const known = new WeakMap<object, Map<string, NamedPoint>>()

/**
 * What a point of an expectation means, read once.
 *
 * @throws FaultSyntaxError for one that cannot be read; files and the builder check that earlier
 */
export function expectedPoint(expect: Expectation, text: string): NamedPoint {
  return pointIn(expect, text, parsePoint)
}

/** The same for the moment of a call: `{ at: 'fn:save#2' }`. */
export function pointOfMoment(moment: { readonly at: string }): NamedPoint {
  return pointIn(moment, moment.at, parsePointPattern)
}

function pointIn(holder: object, text: string, parse: (text: string) => PointPattern): NamedPoint {
  let points = known.get(holder)
  if (points === undefined) known.set(holder, (points = new Map()))
  let point = points.get(text)
  if (point === undefined) points.set(text, (point = namedPoint(parse(text))))
  return point
}

function namedPoint(pattern: PointPattern): NamedPoint {
  const written = printPointPattern({ ...pattern, nth: undefined })
  const matches = callMatcher(pattern)?.matches ?? ((call: PointCall) => call.point === written)
  return { pattern, matches }
}
