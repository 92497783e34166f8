import type { StoredJson } from '../faults/grammar/json.ts'
import type { AbortMoment, CallerSpec, PhaseSpec, ScenarioSpec } from '../scenario/spec.ts'

/** A caller with all that it does. */
export interface PlannedCaller {
  readonly input: StoredJson | undefined
  readonly atMs: number
  readonly abort: AbortMoment | undefined
  /** Where it is written. */
  readonly path: readonly string[]
}

/** Callers that come together. */
export interface PlannedPhase {
  readonly waitMs: number
  readonly callers: readonly PlannedCaller[]
}

/** The phases of a scenario; its callers are one, and so is its only caller. */
export function phasesOf(spec: ScenarioSpec): readonly PlannedPhase[] {
  if (spec.phases === undefined) return [{ waitMs: 0, callers: callersOf(spec, spec.input, []) }]
  return spec.phases.map((phase, index) => ({
    waitMs: phase.waitMs ?? 0,
    callers: callersOf(phase, 'input' in phase ? phase.input : spec.input, ['phases', String(index)]),
  }))
}

function callersOf(
  { callers = 1 }: Pick<PhaseSpec, 'callers'>,
  input: StoredJson | undefined,
  path: readonly string[],
): readonly PlannedCaller[] {
  const specs: readonly CallerSpec[] =
    typeof callers === 'number' ? Array.from({ length: callers }, () => ({})) : callers
  return specs.map((caller, index) => ({
    input: 'input' in caller ? caller.input : input,
    atMs: caller.atMs ?? 0,
    abort: caller.abort,
    path: [...path, 'callers', String(index)],
  }))
}
