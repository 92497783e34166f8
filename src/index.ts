export {
  AuditError,
  DecisionError,
  InputError,
  ShakedownError,
  TimeoutError,
  UsageError,
  ValidationError,
} from './base/errors.ts'
export { AbortSignalled, ConfigurationError, ControlSignal, isControlSignal } from './base/control.ts'
export type { ControlKind } from './base/control.ts'
export { QuotaExceededError } from './base/quota-exceeded.ts'
export type { QuotaLimits } from './base/quota-exceeded.ts'
export type { RunResult, SerializedError, Status, StepResult, Usage } from './base/result.ts'
export type { Boundary, BoundaryCall, Clock, Timer, World } from './world/world.ts'
export type {
  Arrival,
  AttemptRecord,
  AttemptStartRecord,
  AuditRecord,
  EventRecord,
  JoinRecord,
  Loss,
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
  RowOf,
  RunTrail,
  StoredPayload,
} from './audit/store.ts'
export { createEngine, isGenuineEngine } from './engine.ts'
export type { Engine } from './engine.ts'
export type { EngineOptions, ResumeOptions, RunOptions } from './engine-options.ts'
export type { Recovery } from './resume/durable-runs.ts'
export type { CheckpointKey } from './run/checkpoint/checkpoint-codec.ts'
export { CheckpointError } from './run/checkpoint/storable.ts'
export { UnreadableCheckpointError } from './run/checkpoint/unreadable-checkpoint.ts'
export type { UnreadableCheckpointCode } from './run/checkpoint/unreadable-checkpoint.ts'
export { ResumeError } from './resume/resume-error.ts'
export type { ResumeCode } from './resume/resume-error.ts'
export { approval } from './nodes/approval.ts'
export type { ApprovalNode, ApprovalOptions } from './nodes/approval.ts'
export type { Checkpoint, Claim, DurableStore, LiveRun, UnfinishedRun } from './audit/durable-store.ts'
export { waitingApprovals } from './audit/waiting-approvals.ts'
export type { WaitingApproval } from './audit/waiting-approvals.ts'
export type { RunAllOptions } from './run-all-options.ts'
export type { ItemResult, JoinTotals, RunAllResult } from './items/run-all-result.ts'
export { step } from './nodes/step.ts'
export type { StepFunction, StepNode } from './nodes/step.ts'
export type { FallbackNode } from './nodes/fallback.ts'
export { cached } from './nodes/cached.ts'
export type { CachedNode, CacheOptions } from './nodes/cached.ts'
export { pipeline, withHooks } from './nodes/pipeline.ts'
export type { PipelineNode } from './nodes/pipeline.ts'
export { all, bestEffort, first, quorum } from './join/join-policy.ts'
export type {
  AllPolicy,
  BestEffortPolicy,
  FirstPolicy,
  JoinPolicy,
  JoinTimeout,
  QuorumPolicy,
} from './join/join-policy.ts'
export { select } from './join/join-spec.ts'
export type { JoinMerge, MissingBranch, Selected } from './join/join-spec.ts'
export type { JoinedOutput, MergeOf } from './join/joined-output.ts'
export { JoinInvariantError } from './join/invariant-error.ts'
export { parallel } from './nodes/parallel.ts'
export type { OnBranchFailure, OutputsOf, ParallelNode, ParallelOptions } from './nodes/parallel.ts'
export type { ContextMerge, OnConflict } from './join/merge-context.ts'
export { MergeConflictError } from './join/merge-context.ts'
export { choose } from './nodes/choose.ts'
export type { ChooseNode, ChooseOptions, Selector } from './nodes/choose.ts'
export type { Branches } from './nodes/branches.ts'
export { loop } from './nodes/loop.ts'
export type { LoopNode, LoopOptions } from './nodes/loop.ts'
export { conversation } from './nodes/conversation.ts'
export type { ConversationNode, ConversationOptions, Speakers, Turn } from './nodes/conversation.ts'
export type { DecisionContext, LoopContext } from './context/decision-context.ts'
export { join } from './nodes/join.ts'
export type { JoinNode, JoinOptions, ReadItem } from './nodes/join.ts'
export { isNode, looksLikeNode } from './nodes/node.ts'
export type { AnyNode, InputOf, Node, OutputOf } from './nodes/node.ts'
export type { EventKind, NodeKind } from './run/kinds.ts'
export type { StepOptions } from './policy/step-policy.ts'
export type { ChunkEvent, ChunkOf, Gathered, OnChunk, StreamOptions } from './policy/stream-policy.ts'
export type { Backoff } from './policy/backoff.ts'
export type { Judgement, Validate } from './policy/validate.ts'
export type { Context } from './context/context.ts'
export { CopyError } from './context/copy-error.ts'
export type { StepContext } from './context/step-context.ts'
export { HookError } from './base/hook-error.ts'
export type { Hooks, RunEnd, RunStart, StepEnd, StepStart } from './policy/hooks.ts'
export type { Log } from './telemetry/log.ts'
export { createQuota } from './policy/quota.ts'
export type { Quota, QuotaEstimate } from './policy/quota.ts'
export { systemWorld } from './world/system-world.ts'
export { describeThrown, serializeError } from './base/serialize-error.ts'
export { didYouMean, nearest } from './base/nearest.ts'
export { openSqliteAudit } from './audit/sqlite/sqlite-audit.ts'
export type { SqliteAudit, SqliteAuditOptions } from './audit/sqlite/sqlite-audit.ts'
export { openSqliteAuditReader } from './audit/sqlite/sqlite-audit-reader.ts'
export type { SqliteAuditReader } from './audit/sqlite/sqlite-audit-reader.ts'
export { memoryAudit } from './audit/memory/memory-audit.ts'
export type { MemoryAuditOptions } from './audit/memory/memory-audit.ts'
export { copyTrail } from './audit/copy-trail.ts'
export { explainRun } from './audit/explain/explain-run.ts'
export type {
  AttemptStory,
  EventStory,
  Explanation,
  Fate,
  JoinStory,
  TokenStory,
  Visit,
} from './audit/explain/explanation.ts'
export { route } from './nodes/route.ts'
export type { RouteNode, RouteOptions, RouteStrategy } from './nodes/route.ts'
export { routeFacts } from './run/routes/route-facts.ts'
export type { AdapterFailure, RouteFacts } from './run/routes/route-facts.ts'
export type { RouteAttempt } from './run/routes/assignment.ts'
export { createRegistry } from './adapters/registry.ts'
export type { AdapterRegistry } from './adapters/registry.ts'
export type { RegistryOptions } from './adapters/registry-options.ts'
export type { Adapter, AdapterCall, AnyAdapter, HealthCall } from './adapters/adapter.ts'
export { functionAdapter } from './adapters/function-adapter.ts'
export { SoftFailureError } from './adapters/soft-failure.ts'
export type { SkippedAdapter } from './adapters/order.ts'
export type { AdaptiveProfile } from './adapters/adaptive-order.ts'
export type { HealthOptions } from './adapters/health.ts'
export type { AdapterStatistics, LatencyQuantiles } from './adapters/statistics.ts'
export type { AdapterUse } from './audit/adapter-uses.ts'
export type { BreakerOptions, BreakerState, BreakerTransition } from './policy/breaker.ts'
export { httpAdapter } from './adapters/http/http-adapter.ts'
export type { HttpAdapterOptions } from './adapters/http/http-adapter.ts'
export { HttpAdapterError } from './adapters/http/http-error.ts'
export { createOrchestrator } from './orchestrator.ts'
export type {
  Orchestrator,
  OrchestratorOptions,
  TaskState,
  Workflow,
  WorkflowResult,
} from './orchestrator.ts'
