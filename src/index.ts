export { AuditError, ShakedownError, TimeoutError, UsageError, ValidationError } from './errors.ts'
export { AbortSignalled, ConfigurationError, ControlSignal, isControlSignal } from './control.ts'
export type { ControlKind } from './control.ts'
export type { RunResult, SerializedError, Status, StepResult, Usage } from './result.ts'
export type { Boundary, BoundaryCall, Clock, Timer, World } from './world/world.ts'
export type {
  AttemptRecord,
  AuditRecord,
  EventRecord,
  Outcome,
  OutcomeRecord,
  RunFinishedRecord,
  RunStartedRecord,
  StepRecord,
  TokenRecord,
} from './audit/records.ts'
export type {
  AuditReader,
  AuditStore,
  Conservation,
  RunFilter,
  RunRow,
  RunTrail,
  StoredPayload,
} from './audit/store.ts'
