import { isControlSignal } from '../../base/control.ts'
import { HookError } from '../../base/hook-error.ts'
import type { RunResult, StepResult } from '../../base/result.ts'
import { describeThrown } from '../../base/serialize-error.ts'
import { kept } from '../../context/isolate.ts'
import type { Hooks } from '../../policy/hooks.ts'
import type { HooksByPath } from './hooks-of.ts'
import type { Plan } from '../plan.ts'
import type { Run } from '../run.ts'
import { NOTHING_SPENT, stoppedResult } from '../results.ts'
import type { Scope } from '../scope.ts'
import { type Stop, stopOf } from '../stop.ts'
import { recordEvent } from '../trail.ts'
import type { HookCaller, HookedNode, HookedScope } from '../watching.ts'

/** The events that hooks write. */
export const HOOK_EVENTS = ['hook_error'] as const

/** The hooks of one run: its engine's, then those of the pipelines around a step, from the outside in. */
export class RunHooks implements HookCaller {
  readonly #run: Run
  readonly #engine: readonly Hooks[]
  readonly #byPath: HooksByPath | undefined
  readonly #strict: boolean

  constructor(run: Run, engine: readonly Hooks[], byPath: HooksByPath | undefined, strict: boolean) {
    this.#run = run
    this.#engine = engine
    this.#byPath = byPath
    this.#strict = strict
  }

  preRun({ path, node }: HookedNode, input: unknown, scope: HookedScope): Promise<Stop | undefined> {
    const { id: runId } = this.#run
    return this.#call('preRun', path, scope, () => ({ runId, pipeline: node.name, input: kept(input) }))
  }

  preStep({ path, node }: HookedNode, input: unknown, scope: HookedScope): Promise<Stop | undefined> {
    const { id: runId } = this.#run
    return this.#call('preStep', path, scope, () => ({ runId, path, step: node.name, input: kept(input) }))
  }

  async afterStep(result: StepResult, scope: HookedScope): Promise<StepResult> {
    if (result.status === 'paused') return result
    const { path, name: step } = result
    const { id: runId } = this.#run
    const hook = result.success ? 'postStep' : 'onStepFailure'
    const stop = await this.#call(hook, path, scope, () => ({ runId, path, step, result: kept(result) }))
    return stoppedBy(stop, result)
  }

  postRun(result: RunResult, scope: HookedScope): Promise<Stop | undefined> {
    const { runId, path } = result
    return this.#call('postRun', path, scope, () => ({ runId, result: kept(result) }))
  }

  async #call(
    name: keyof Hooks,
    path: string,
    scope: HookedScope,
    event: () => unknown,
  ): Promise<Stop | undefined> {
    const run = this.#run
    for (const hooks of this.#at(path)) {
      const hook = hooks[name]
      if (hook === undefined) continue
      try {
        await hook(event() as never)
      } catch (thrown) {
        if (name !== 'postRun' && isControlSignal(thrown) && thrown.kind === 'abort') return thrown
        const { tokenId, visit } = scope
        const detail = { hook: name, error: describeThrown(thrown) }
        recordEvent({ run, tokenId, visit }, path, 'hook_error', detail)
        if (this.#strict) return new HookError(name, path, thrown)
      } finally {
        scope.continuesMs = run.world.clock.monotonicMs()
      }
    }
    return undefined
  }

  #at(path: string): readonly Hooks[] {
    const own = this.#byPath?.get(path)
    return own === undefined ? this.#engine : [...this.#engine, ...own]
  }
}

/** What a result is when a hook ends the run. What has ended the run already ends it still. */
function stoppedBy(stop: Stop | undefined, result: StepResult): StepResult {
  return stop === undefined || stopOf(result) !== undefined
    ? result
    : stoppedResult(result.name, result.path, stop, result, result.children)
}

/**
 * Executes a whole plan between the hooks of its run.
 * @param isNew it is not carried on: that begins nothing
 */
export async function executeHooked(
  plan: Plan,
  input: unknown,
  scope: Scope,
  isNew: boolean,
  runResultOf: (result: StepResult) => RunResult,
): Promise<StepResult> {
  const { path, node } = plan
  const { hooks } = scope.run
  const refused = isNew ? await hooks?.preRun(plan, input, scope) : undefined
  const result =
    refused === undefined
      ? await plan.execute(input, scope, false)
      : stoppedResult(node.name, path, refused, NOTHING_SPENT)
  return result.status === 'paused'
    ? result
    : stoppedBy(await hooks?.postRun(runResultOf(result), scope), result)
}
