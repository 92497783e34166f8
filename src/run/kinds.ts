import { AdapterRunner } from './routes/adapter-runner.ts'
import { CachedRunner } from './composites/cached-runner.ts'
import { ChooseRunner } from './composites/choose-runner.ts'
import { ConversationRunner } from './loops/conversation-runner.ts'
import { ApprovalRunner } from './leaves/approval-runner.ts'
import { FallbackRunner } from './composites/fallback-runner.ts'
import { ParallelRunner } from './branches/parallel-runner.ts'
import { JoinRunner } from './branches/join-runner.ts'
import { LoopRunner } from './loops/loop-runner.ts'
import { PipelineRunner } from './composites/pipeline-runner.ts'
import type { Kind } from './plan.ts'
import { MARK_EVENTS } from './marks.ts'
import { HOOK_EVENTS } from './hooks/run-hooks.ts'
import { QUOTA_EVENTS } from './leaves/reserve.ts'
import { RouteRunner } from './routes/route-runner.ts'
import { StepRunner } from './leaves/step-runner.ts'

/** What the planner knows of kinds of node. */
export type Kinds = Readonly<Record<string, Kind>>

/**
 * The table of kinds: what a node's `kind` says, and the runner that executes it. A kind is registered here and
 * nowhere else; planner, executor, audit trail, oracles and `explain` know the names from what they are given.
 */
export const KINDS = {
  step: StepRunner,
  fallback: FallbackRunner,
  pipeline: PipelineRunner,
  parallel: ParallelRunner,
  route: RouteRunner,
  adapter: AdapterRunner,
  choose: ChooseRunner,
  loop: LoopRunner,
  conversation: ConversationRunner,
  approval: ApprovalRunner,
  join: JoinRunner,
  cached: CachedRunner,
} as const satisfies Kinds

/**
 * What `node` of a step record can be.
 *
 * @example
 * const steps = trail.stepRows.filter(({ node }) => node === ('step' satisfies NodeKind))
 */
export type NodeKind = keyof typeof KINDS

/** Events that no kind of node writes, but the engine around all of them. */
const ENGINE_EVENTS = [...QUOTA_EVENTS, ...HOOK_EVENTS, ...MARK_EVENTS] as const

/**
 * What `event` of an event record can be.
 *
 * @example
 * const lateEvents = trail.eventRows.filter(({ event }) => event === ('late' satisfies EventKind))
 */
export type EventKind = (typeof KINDS)[NodeKind]['events'][number] | (typeof ENGINE_EVENTS)[number]

/** Every event there is, each once. */
export const EVENT_KINDS: readonly EventKind[] = [
  ...new Set([
    ...Object.values(KINDS).flatMap(({ events }): readonly EventKind[] => events),
    ...ENGINE_EVENTS,
  ]),
]
