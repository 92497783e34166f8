import type { Observation } from '../scenario/observation.ts'
import type { Problem } from '../scenario/verdict.ts'

/**
 * An invariant checked after every scenario, whatever it expects. Each one comes with a mutant of the executor that
 * only it catches (tests/harness/oracles).
 */
export interface Oracle {
  /** Its number in the design's list. */
  readonly number: number
  /** Stable kebab-case name, shown in problems. */
  readonly name: string
  /** `engine` oracles judge audit records, which foreign functions do not write; `function` oracles what the engine holds by itself. */
  readonly judges: 'engine' | 'function' | 'any'
  /** The violations in what one scenario left behind. */
  check(observation: Observation): readonly Problem[]
}

/** A violation as a problem of the scenario. */
export function violation(
  oracle: Pick<Oracle, 'name'>,
  message: string,
  values: { expected?: unknown; actual?: unknown } = {},
): Problem {
  return { code: 'E_ORACLE', oracle: oracle.name, message, at: [], ...values }
}
