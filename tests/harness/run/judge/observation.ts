import type { Observation } from '../../../../harness/scenario/observation.ts'
import type { Scenario } from '../../../../harness/scenario/scenario.ts'
import type { ScenarioSpec } from '../../../../harness/scenario/spec.ts'

/** A scenario of which nothing is said but this. */
export function scenarioOf(
  kind: Scenario['subject']['kind'] = 'function',
  spec: Partial<ScenarioSpec> = {},
): Scenario {
  const whole: ScenarioSpec = {
    name: 'made up',
    input: null,
    faults: {},
    expect: {},
    seed: 1,
    http: 'ports',
    timers: 'ports',
    ...spec,
  }
  return { spec: whole, subject: { kind } as Scenario['subject'] }
}

/** What a function that completed without a call leaves behind, but for what is given. */
export function observationOf(more: Partial<Observation> = {}): Observation {
  return {
    scenario: scenarioOf(),
    plan: undefined,
    end: { kind: 'settled' },
    result: undefined,
    thrown: null,
    output: undefined,
    outputAtEnd: undefined,
    records: [],
    visits: [],
    calls: [],
    marks: new Map(),
    callsBeforeEnd: undefined,
    wrapped: new Set(),
    runaway: undefined,
    impossible: undefined,
    faultsFired: 0,
    faultsUnfired: [],
    timersLeft: [],
    callers: [],
    idle: [],
    crashed: false,
    globalsKept: [],
    connectionsLeft: [],
    listenersLeft: 0,
    leftOver: [],
    departure: null,
    realWork: false,
    unhandled: [],
    virtualMs: 0,
    ...more,
  }
}
