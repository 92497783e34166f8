import type { Context } from '../context/context.ts'
import type { ContextValues } from '../context/context-values.ts'
import type { ContextView } from '../context/context-view.ts'
import { UsageError } from '../base/errors.ts'
import { NO_USAGE, type Usage } from '../base/result.ts'
import { sleep } from '../world/sleep.ts'
import type { Clock } from '../world/world.ts'
import type { AbortHook, Scope } from './scope.ts'
import type { StepContext } from '../context/step-context.ts'

/** One invocation of a step's function, and the context that function sees. */
export class Attempt implements StepContext {
  readonly step: string
  readonly path: string
  readonly attempt: number
  readonly #scope: Scope
  #costUsd = 0
  #tokens = 0
  #over = false
  /** Why the engine no longer waits for the function; a signal it asks for from then on is aborted already. */
  #gaveUp: { readonly reason: unknown } | undefined
  #controller: AbortController | undefined
  #stopListening: AbortHook | undefined
  /** The context as it was when the attempt started: one that outlives its end sees nothing that came later. */
  readonly #moment: ContextValues
  #view: ContextView | undefined

  constructor(scope: Scope, step: string, path: string, attempt: number) {
    this.#scope = scope
    this.step = step
    this.path = path
    this.attempt = attempt
    this.#moment = scope.context.now
  }

  get runId(): string {
    return this.#scope.run.id
  }

  get clock(): Clock {
    return this.#scope.run.world.clock
  }

  get random(): () => number {
    return this.#scope.run.world.random
  }

  // Signals and views are made on first use: most steps ask for neither, and a signal costs microseconds.
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController()
      this.#controller = controller
      if (this.#scope.aborted !== undefined) controller.abort(this.#scope.aborted.cause)
      else if (this.#gaveUp !== undefined) controller.abort(this.#gaveUp.reason)
      else if (!this.#over) {
        this.#stopListening = (signalled) => controller.abort(signalled.cause)
        this.#scope.onAbort(this.#stopListening)
      }
    }
    return this.#controller.signal
  }

  get context(): Context {
    return (this.#view ??= this.#scope.context.view(this.#moment))
  }

  /** True once nothing its function does counts any more. */
  get over(): boolean {
    return this.#over
  }

  get usage(): Usage {
    return this.#costUsd === 0 && this.#tokens === 0
      ? NO_USAGE
      : { costUsd: this.#costUsd, tokens: this.#tokens }
  }

  // Fields, not methods: step functions take them out of their context, `(input, { meter }) => …`.
  readonly meter = (usage: {
    readonly costUsd?: number | undefined
    readonly tokens?: number | undefined
  }): void => {
    if (this.#over) return
    const costUsd = this.#amount('costUsd', usage.costUsd)
    const tokens = this.#amount('tokens', usage.tokens)
    this.#costUsd = this.#amount('costUsd', this.#costUsd + costUsd)
    this.#tokens = this.#amount('tokens', this.#tokens + tokens)
  }

  readonly sleep = (ms: number): Promise<void> => sleep(this.clock, ms, `step:${this.step}`, this.signal)

  /** Ends the attempt: nothing its function does from here on counts. */
  end(): void {
    this.#over = true
    if (this.#stopListening !== undefined) this.#scope.offAbort(this.#stopListening)
  }

  /** Ends the attempt while its function is still running: the reason aborts its signal. */
  giveUp(reason: unknown): void {
    this.end()
    this.#gaveUp = { reason }
    this.#controller?.abort(reason)
  }

  /** Makes the attempt's writes to the context the run's. */
  commit(): void {
    this.#view?.commit()
  }

  #amount(field: string, amount: number | undefined): number {
    if (amount === undefined) return 0
    if (typeof amount !== 'number' || !Number.isFinite(amount) || amount < 0)
      throw new UsageError(this.step, field, amount)
    return amount
  }
}
