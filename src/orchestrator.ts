import pLimit from 'p-limit'
import { ConfigurationError } from './base/control.ts'
import { got } from './base/got.ts'
import { optionProblems } from './base/options.ts'
import type { Status, StepResult } from './base/result.ts'
import * as z from './base/zod.ts'
import { runOptionsShape } from './engine-options.ts'
import { type Engine, isGenuineEngine } from './engine.ts'
import { checkName, checkNode, type Node } from './nodes/node.ts'
import { step } from './nodes/step.ts'
import { routeFacts, type RouteFacts } from './run/routes/route-facts.ts'

/** Tasks at once by default: enough to keep a handful of systems busy, few enough to ask each of them politely. */
const CONCURRENCY_DEFAULT = 10
const CONCURRENCY_MAX = 10_000
/** More tasks than this are a source for `runAll`: a workflow keeps the state of all of them. */
const TASKS_MAX = 100_000

/**
 * @example
 * const options: OrchestratorOptions = { name: 'nightly', concurrency: 4 }
 */
export interface OrchestratorOptions {
  /** What its workflows are called in the audit trail. Default `workflow`. */
  readonly name?: string | undefined
  /** Tasks at once, 1 to 10 000. Default 10. */
  readonly concurrency?: number | undefined
}

/**
 * @example
 * const work: Workflow<{ prompt: string }> = { tasks: [{ prompt: 'tides' }, { prompt: 'moon' }], workflowId: 'nightly-7' }
 */
export interface Workflow<T> {
  readonly tasks: readonly T[]
  /** Its run id; those of its tasks are `ID.1`, `ID.2` and so on. Default: a new id of the world. */
  readonly workflowId?: string | undefined
  /** Aborts the workflow and all its tasks. */
  readonly signal?: AbortSignal | undefined
}

/**
 * What became of one task.
 *
 * @example
 * const line = ({ task, adapter, fallbackChain }: TaskState): string =>
 *   `task ${task}: ${adapter ?? 'nobody'} (${fallbackChain.join(' → ')})`
 */
export interface TaskState<R = unknown> extends Pick<
  RouteFacts<R>,
  'adapter' | 'result' | 'fallbackChain' | 'totalAttempts'
> {
  /** Its place among the tasks, from 1. */
  readonly task: number
  readonly runId: string
  readonly status: Status
  readonly success: boolean
  /** Why it was not done; `null` when it was. */
  readonly feedback: string | null
}

/**
 * What became of a workflow. It is `failed` when one of its tasks was.
 *
 * @example
 * const failed = ({ tasks }: WorkflowResult): number => tasks.filter(({ success }) => !success).length
 */
export interface WorkflowResult<R = unknown> {
  readonly workflowId: string
  readonly status: Status
  readonly success: boolean
  /** In the order of the tasks. Those that were not begun when the workflow was aborted are not among them. */
  readonly tasks: readonly TaskState<R>[]
  /** Attempts at all adapters, over all tasks. */
  readonly totalAttempts: number
  readonly feedback: string | null
}

/** @example const work = (orchestrator: Orchestrator<string, string>) => orchestrator.execute({ tasks: ['tides'] }) */
export interface Orchestrator<T, R> {
  /**
   * Runs tasks, as many at once as the orchestrator may, and waits for all of them. Never throws for a task that failed.
   *
   * @throws ConfigurationError for impossible tasks, and when an adapter throws one
   */
  execute(workflow: Workflow<T>): Promise<WorkflowResult<R>>
}

const optionsSchema = z.strictObject({
  name: z.string().optional(),
  concurrency: z.int().min(1).max(CONCURRENCY_MAX).optional(),
})

const workflowSchema = z.strictObject({
  tasks: z.custom<readonly unknown[]>(
    (value) => Array.isArray(value) && value.length > 0 && value.length <= TASKS_MAX,
    `expected a list of 1 to ${TASKS_MAX} tasks`,
  ),
  workflowId: runOptionsShape.runId,
  signal: runOptionsShape.signal,
})

/**
 * Runs many tasks through one route. A workflow is a run in the audit trail, whose output is the state of each task with the
 * adapters it went through; each task is a run of its own, whose id begins with that of the workflow.
 *
 * @param router what each task is given to: a route, or a pipeline around one
 * @throws ConfigurationError for something that is not an engine or a node, and for impossible options
 *
 * @example
 * const orchestrator = createOrchestrator(createEngine({ audit: './runs.db' }), route('ask', { adapters: [local] }))
 * const { success, tasks } = await orchestrator.execute({ tasks: [{ prompt: 'tides' }, { prompt: 'moon' }] })
 */
export function createOrchestrator<T, R>(
  engine: Engine,
  router: Node<T, R>,
  options: OrchestratorOptions = {},
): Orchestrator<T, R> {
  const problems = [...optionProblems(optionsSchema, options, 'createOrchestrator')]
  if (!isGenuineEngine(engine))
    problems.push(
      `Expected createOrchestrator to be given an engine made by createEngine(), got ${got(engine)}.`,
    )
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'))
  checkNode(router, 'the router of createOrchestrator')
  const { name = 'workflow', concurrency = CONCURRENCY_DEFAULT } = options
  checkName(name, 'workflow')
  return Object.freeze({
    execute: (workflow: Workflow<T>) => execute(engine, router, { name, concurrency }, workflow),
  })
}

async function execute<T, R>(
  engine: Engine,
  router: Node<T, R>,
  { name, concurrency }: Required<{ name: string; concurrency: number }>,
  workflow: Workflow<T>,
): Promise<WorkflowResult<R>> {
  const problems = optionProblems(workflowSchema, workflow, `workflow '${name}'`)
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'))
  const { tasks, workflowId, signal } = workflow
  const states: TaskState<R>[] = []
  const limit = pLimit(concurrency)
  let going: Promise<void> = Promise.resolve()
  const work = step(
    name,
    async (_: readonly T[], ctx): Promise<readonly TaskState<R>[]> => {
      const runTask = async (task: T, index: number): Promise<void> => {
        if (ctx.signal.aborted) return
        const runId = `${ctx.runId}.${index + 1}`
        const result = await engine.run(router, task, { runId, signal: ctx.signal })
        states[index] = stateOf(index + 1, runId, result as StepResult<R>)
      }
      going = settledAll(tasks.map((task, index) => limit(runTask, task, index)))
      await going
      return present(states)
    },
    // Judged, not thrown: what is refused is on record with the attempt, so the state of a failed workflow is kept, too.
    { validate: (done) => verdictOn(done as readonly TaskState[]) },
  )
  const run = await engine.run(work, tasks, {
    ...(workflowId === undefined ? {} : { runId: workflowId }),
    ...(signal === undefined ? {} : { signal }),
  })
  // A workflow that is aborted is over at once; its tasks are by now, too, and then their states are known.
  await going
  const kept = present(states)
  return {
    workflowId: run.runId,
    status: run.status,
    success: run.success,
    tasks: kept,
    totalAttempts: kept.reduce((sum, { totalAttempts }) => sum + totalAttempts, 0),
    feedback: run.feedback,
  }
}

/** Waits for all, whatever becomes of each. @throws what the first of them in the list was rejected with */
async function settledAll(work: readonly Promise<void>[]): Promise<void> {
  const settled = await Promise.allSettled(work)
  for (const each of settled) if (each.status === 'rejected') throw each.reason
}

/** The states there are: a task that was not begun has none. */
function present<R>(states: readonly (TaskState<R> | undefined)[]): readonly TaskState<R>[] {
  return states.filter((state) => state !== undefined)
}

function stateOf<R>(task: number, runId: string, result: StepResult<R>): TaskState<R> {
  const { status, success, feedback, attempts } = result
  const facts = factsIn(result)
  return {
    task,
    runId,
    status,
    success,
    adapter: facts?.adapter ?? null,
    result: result.output,
    fallbackChain: facts?.fallbackChain ?? [],
    totalAttempts: facts?.totalAttempts ?? attempts,
    feedback,
  }
}

/** What the route did that a task went through; of a pipeline with several the first one that says. */
function factsIn(result: StepResult): RouteFacts | undefined {
  const own = routeFacts(result)
  if (own !== undefined) return own
  for (const child of Object.values(result.children)) {
    const found = factsIn(child)
    if (found !== undefined) return found
  }
  return undefined
}

/** Why a workflow has failed; true when it has not. */
function verdictOn(states: readonly TaskState[]): true | string {
  const failed = states.filter(({ success }) => !success)
  const [first] = failed
  if (first === undefined) return true
  return `${failed.length} of ${states.length} tasks failed; task ${first.task}: ${first.feedback}`
}
