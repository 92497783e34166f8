import { type AbortSignalled, isControlSignal } from '../../base/control.ts'
import { ShakedownError } from '../../base/errors.ts'
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
import { untilAborted } from '../until-aborted.ts'
import type { HookCaller, HookedNode, HookedScope } from '../watching.ts'

/** How long a hook is waited for that is called after its run or branch was aborted: as long as cancelled functions are. */
const SETTLE_MS = 30_000

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
    return stoppedBy(stop, result, scope)
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
        const stop = await this.#settled(name, scope, async () => hook(event() as never))
        if (stop !== undefined && name !== 'postRun') return stop
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

  /**
   * Waits for a hook. @returns the abort that ended the wait. One that is called for what has been aborted already, such as
   * a cancelled step, may do its work; it has not for ever.
   */
  async #settled(
    name: keyof Hooks,
    scope: HookedScope,
    call: () => Promise<unknown>,
  ): Promise<AbortSignalled | undefined> {
    const { clock } = this.#run.world
    if (scope.aborted === undefined) {
      const waited = await untilAborted(scope, call())
      return waited.kind === 'aborted' ? waited.stop : undefined
    }
    const limit = { clock, ms: SETTLE_MS, point: `time limit of ${name}` }
    const waited = await untilAborted(scope.unaborted ?? scope, call(), limit)
    if (waited.kind === 'late') throw new LateHookError()
    return undefined
  }

  #at(path: string): readonly Hooks[] {
    const own = this.#byPath?.get(path)
    return own === undefined ? this.#engine : [...this.#engine, ...own]
  }
}

/** A hook that was called after an abort has not settled in time. */
class LateHookError extends ShakedownError {
  override readonly name = 'LateHookError'

  constructor() {
    super('E_HOOK_LATE', `it had not settled ${SETTLE_MS} ms after it was called, which was after an abort`)
  }
}

/** What a result is when a hook ends the run. What has ended the run already ends it still; the end of a branch is not that. */
function stoppedBy(stop: Stop | undefined, result: StepResult, scope: HookedScope): StepResult {
  if (stop === undefined) return result
  const own = stopOf(result)
  const isOfBranch = own === scope.aborted && scope.unaborted !== undefined
  return own === undefined || isOfBranch
    ? stoppedResult(result.name, result.path, stop, result, result.children)
    : result
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
    : stoppedBy(await hooks?.postRun(runResultOf(result), scope), result, scope)
}
