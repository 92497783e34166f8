import type { Observation } from '../../scenario/observation.ts'
import type { ScenarioSpec } from '../../scenario/spec.ts'
import type { Problem } from '../../scenario/verdict.ts'
import { neverReached } from './expect-marks.ts'

/** Scenarios that a test of their own asks for their marks, all together. */
const together = new WeakSet<ScenarioSpec>()

/** Says that the marks of a scenario (`sometimes`) may be reached by another one of a table or list. */
export function judgedTogether(spec: ScenarioSpec): void {
  together.add(spec)
}

/** Marks that a scenario that runs alone asks for and has not reached: nobody else will. */
export function unreachedAlone({ scenario: { spec }, marks }: Observation): readonly Problem[] {
  const { sometimes } = spec.expect
  if (sometimes === undefined || together.has(spec)) return []
  return sometimes
    .filter((name) => !marks.has(name))
    .map((name) => ({
      code: 'E_EXPECT',
      message: `Expected the mark \`${name}\` to be reached: \`sometimes\` is of a table or an exported list of scenarios, and this one ran alone. ${neverReached(name, marks)}`,
      at: ['expect', 'sometimes'],
    }))
}
