import { parseFaultProgram } from '../faults/text/parse.ts'
import { parsePointPattern } from '../faults/text/point-pattern.ts'
import { printFaultProgram, printPointPattern } from '../faults/text/print.ts'
import type { ScenarioSpec } from './spec.ts'

/** A key that is spelt in its canonical way in the scenario's data. */
export interface Respelling {
  /** The mapping the key is in. */
  readonly path: readonly string[]
  readonly written: string
  readonly meant: string
}

/**
 * Gives every boundary point and fault program its one spelling, so that however a scenario was written down its
 * data is the same: `http:post /orders: 3 * reject` is `http:POST /orders: 3*reject`.
 *
 * The scenario has been through `checkFaults`; what cannot be read is left as it is.
 */
export function canonicalPoints<S extends ScenarioSpec>(
  spec: S,
): { readonly spec: S; readonly respelt: readonly Respelling[] } {
  const respelt: Respelling[] = []
  const respell = <T>(path: readonly string[], record: Readonly<Record<string, T>>): [string, T][] =>
    Object.entries(record).map(([written, value]) => {
      const meant = canonicalPoint(written)
      if (meant !== written) respelt.push({ path, written, meant })
      return [meant, value]
    })
  const faults = respell(['faults'], spec.faults).map(([point, program]) => [
    point,
    canonicalProgram(program),
  ])
  const { calls, order } = spec.expect
  const expect = {
    ...spec.expect,
    ...(calls === undefined ? {} : { calls: Object.fromEntries(respell(['expect', 'calls'], calls)) }),
    ...(order === undefined ? {} : { order: order.map(canonicalPoint) }),
  }
  return { spec: { ...spec, faults: Object.fromEntries(faults) as Record<string, string>, expect }, respelt }
}

function canonicalPoint(text: string): string {
  return orAsWritten(text, () => printPointPattern(parsePointPattern(text)))
}

function canonicalProgram(text: string): string {
  return orAsWritten(text, () => printFaultProgram(parseFaultProgram(text)))
}

function orAsWritten(text: string, canonical: () => string): string {
  try {
    return canonical()
  } catch {
    return text
  }
}
