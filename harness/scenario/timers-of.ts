import type { Scenario } from './scenario.ts'
import type { ScenarioSpec } from './spec.ts'

/**
 * Whose timers are virtual where a scenario does not say: of a function the global ones, because most code sleeps with
 * `setTimeout`; of a pipeline those of its engine.
 */
export function timersOf({
  spec,
  subject,
}: Pick<Scenario, 'spec' | 'subject'>): NonNullable<ScenarioSpec['timers']> {
  return spec.timers ?? (subject.kind === 'function' ? 'global' : 'ports')
}
