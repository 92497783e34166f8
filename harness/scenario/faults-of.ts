import type { FaultProgram } from '../faults/grammar/program.ts'
import type { PointPattern } from '../faults/points/points.ts'
import { parseFaultProgram } from '../faults/text/parse.ts'
import { parsePointPattern } from '../faults/text/point-pattern.ts'
import type { ScenarioSpec } from './spec.ts'

/** One entry of a scenario's `faults`, read. */
export interface ScenarioFault {
  readonly pattern: PointPattern
  readonly program: FaultProgram
}

/** What faults that have been read mean. Their texts are frozen, so the two stay one. */
const known = new WeakMap<ScenarioSpec['faults'], readonly ScenarioFault[]>()

/** Gives back the texts, frozen, and remembers what they mean. */
export function keepFaults(
  texts: ScenarioSpec['faults'],
  faults: readonly ScenarioFault[],
): ScenarioSpec['faults'] {
  known.set(Object.freeze(texts), faults)
  return texts
}

/**
 * The faults of a scenario, in declared order. Those of the builder and of files were read when they were checked; those
 * of data from elsewhere, such as another process, are read here.
 *
 * @throws FaultSyntaxError for a text that is not in the fault grammar
 */
export function faultsOf({ faults: texts }: ScenarioSpec): readonly ScenarioFault[] {
  const faults = known.get(texts)
  if (faults !== undefined) return faults
  return Object.entries(texts).map(([point, text]) => {
    const pattern = parsePointPattern(point)
    return { pattern, program: parseFaultProgram(text, { kind: pattern.kind }) }
  })
}
