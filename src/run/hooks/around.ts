import type { RunResult, StepResult } from '../../base/result.ts'
import { createRedactor, type Redactor } from '../../base/redact/redactor.ts'
import type { Hooks } from '../../policy/hooks.ts'
import { type Log, RunLog } from '../../telemetry/log.ts'
import { anyHooks } from '../../nodes/pipeline.ts'
import { isTraced, RunTracing } from '../../telemetry/tracing.ts'
import { hooksOf } from './hooks-of.ts'
import type { Tried } from '../../telemetry/event-words.ts'
import type { Plan } from '../plan.ts'
import type { Run } from '../run.ts'
import { executeHooked, RunHooks } from './run-hooks.ts'
import type { Scope } from '../scope.ts'

/** What an engine was told to show of its runs. */
export interface Watching {
  readonly hooks: readonly Hooks[]
  readonly strictHooks: boolean
  readonly log: Log | undefined
  readonly redactor: Redactor
}

const NO_HOOKS: readonly Hooks[] = []

/** Gives a run what watches it, if anything does: its hooks, its log and its spans. */
export function watchRun(run: Run, plan: Plan, watching: Watching | undefined): void {
  if (watching === undefined && !anyHooks() && !isTraced()) return
  if (isTraced()) traceRun(run, plan, watching?.redactor ?? createRedactor())
  const byPath = hooksOf(plan)
  const hooks = watching?.hooks ?? NO_HOOKS
  if (hooks.length > 0 || byPath !== undefined)
    run.hooks = new RunHooks(run, hooks, byPath, watching?.strictHooks === true)
  if (watching?.log !== undefined)
    run.watch(new RunLog(watching.log, watching.redactor, (path) => triedAt(plan, path)))
}

function traceRun(run: Run, { node }: Plan, redactor: Redactor): void {
  const elapsedMs = (): number => run.elapsedMs()
  const startedWallMs = run.world.clock.wallMs() - elapsedMs()
  run.tracing = new RunTracing({ id: run.id, pipeline: node.name, startedWallMs, elapsedMs }, redactor)
  run.watch(run.tracing)
}

/** Executes a whole plan, between the hooks of its run if it has some. */
export function executeWatched(
  plan: Plan,
  input: unknown,
  scope: Scope,
  isNew: boolean,
  runResultOf: (result: StepResult) => RunResult,
): Promise<StepResult> {
  return scope.run.hooks === undefined
    ? plan.execute(input, scope, false)
    : executeHooked(plan, input, scope, isNew, runResultOf)
}

/** What is tried at a path, and how often at most. */
function triedAt(plan: Plan, path: string): Tried {
  if (plan.path === path) {
    const { kind, policy } = plan.node as { kind: string; policy?: { retries?: unknown } }
    const most = typeof policy?.retries === 'number' ? 1 + policy.retries : undefined
    return { what: kind === 'adapter' ? 'Task' : 'Step', most }
  }
  for (const child of plan.children())
    if (path === child.plan.path || path.startsWith(`${child.plan.path}/`)) return triedAt(child.plan, path)
  return { what: 'Step', most: undefined }
}
