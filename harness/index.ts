export { scenario, ScenarioBuilder } from './scenario/builder.ts'
export type { FaultInput, ScenarioDraft, SubjectInput } from './scenario/builder.ts'
export { runScenario } from './run/run-scenario.ts'
export type { RunScenarioOptions } from './run/run-scenario.ts'
export type { Scenario, Subject } from './scenario/scenario.ts'
export type { NumberMatcher, TextMatcher } from './match/matchers.ts'
export type { CallsExpectation, ErrorExpectation, Expectation } from './scenario/expectation.ts'
export type { AbortMoment, CallerSpec, PhaseSpec, ScenarioLimits, ScenarioSpec } from './scenario/spec.ts'
export type { Problem, Remark, TraceCall, Verdict } from './scenario/verdict.ts'
export type {
  CloseLike,
  EventSource,
  PortClock,
  PortEvents,
  PortOptions,
  PortStore,
  Ports,
  PortTimer,
} from './scenario/ports.ts'
export { fault } from './faults/fault.ts'
export type { Fault, FaultDraft } from './faults/fault.ts'
export { parseFaultProgram } from './faults/text/parse.ts'
export { parsePointPattern } from './faults/text/point-pattern.ts'
export { printFaultProgram, printPointPattern } from './faults/text/print.ts'
export type { FaultProgram, FaultStep } from './faults/grammar/program.ts'
export type { PointKind, PointPattern } from './faults/points/points.ts'
export { SimWorld, WALL_START_MS } from './world/sim-world.ts'
export type { SimWorldOptions } from './world/sim-world.ts'
export { drain, drive } from './world/drive.ts'
export type { DriveEnd, DriveOptions } from './world/drive.ts'
export { LIMITS } from './world/limits.ts'
export type { Limits } from './world/limits.ts'
export type { WorkUnderWay } from './world/work/work.ts'
