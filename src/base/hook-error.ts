import { ControlSignal } from './control.ts'
import { describeThrown } from './serialize-error.ts'

/**
 * A hook threw, and the engine was made with `strictHooks`: the run ends there. `engine.run` rejects with it; `cause` is
 * what the hook threw, and `result` what the run came to.
 *
 * @example
 * const strict = createEngine({ hooks: { preRun: ({ pipeline }) => console.log(pipeline) }, strictHooks: true })
 * strict.run(article, 'tides').catch((error: unknown) => {
 *   if (error instanceof HookError) console.error(error.hook, error.cause)
 * })
 */
export class HookError extends ControlSignal {
  override readonly name = 'HookError'
  /** Which one, such as `preStep`. */
  readonly hook: string

  constructor(hook: string, path: string, thrown: unknown) {
    super('hook', 'E_HOOK', `Hook ${hook} at ${path} threw: ${describeThrown(thrown)}`, { cause: thrown })
    this.hook = hook
  }
}
