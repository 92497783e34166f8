import type { Context } from '../../context/context.ts'
import type { Change, ContextValues } from '../../context/context-values.ts'
import type { ContextView } from '../../context/context-view.ts'
import { UsageError } from '../../base/errors.ts'
import { addUsage, NO_USAGE, type Usage } from '../../base/result.ts'
import { sleep } from '../../world/sleep.ts'
import type { Clock } from '../../world/world.ts'
import { recordEvent } from '../trail.ts'
import { recordMark } from '../marks.ts'
import type { Scope } from '../scope.ts'
import type { StepContext } from '../../context/step-context.ts'

/** What an attempt needs to know of its step. */
interface PlannedStep {
  readonly path: string
  readonly node: { readonly name: string }
}

/**
 * One invocation of a step's function, and the context that function sees.
 *
 * There is one per attempt, so it holds little: what a function may ask for is made when it asks.
 */
export class Attempt implements StepContext {
  /** Its number, from 1. */
  readonly attempt: number
  readonly #plan: PlannedStep
  readonly #scope: Scope
  /** The context as it was when the attempt started: one that outlives its end sees nothing that came later. */
  readonly #moment: ContextValues
  #view: ContextView | undefined = undefined
  #usage: Usage = NO_USAGE
  #over = false
  #saidLate = false
  /** Why the engine no longer waits for the function; a signal it asks for from then on is aborted already. */
  #gaveUp: { readonly reason: unknown } | undefined = undefined
  #controller: AbortController | undefined = undefined

  constructor(scope: Scope, plan: PlannedStep, attempt: number) {
    this.attempt = attempt
    this.#plan = plan
    this.#scope = scope
    this.#moment = scope.context.now
  }

  get runId(): string {
    return this.#scope.run.id
  }

  get step(): string {
    return this.#plan.node.name
  }

  get path(): string {
    return this.#plan.path
  }

  get clock(): Clock {
    return this.#scope.run.world.clock
  }

  get random(): () => number {
    return this.#scope.run.world.random
  }

  // A signal costs microseconds, and most steps never ask for one. Only a timeout or an abort of the scope can abort it,
  // and both give the attempt up.
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#gaveUp !== undefined) this.#controller.abort(this.#gaveUp.reason)
    }
    return this.#controller.signal
  }

  get context(): Context {
    return (this.#view ??= this.#scope.context.view(this.#moment, `step '${this.step}'`))
  }

  // Functions that know their attempt, not methods: step functions take them out of it, `(input, { meter }) => …`.
  get meter(): StepContext['meter'] {
    return (usage) => this.#add(usage)
  }

  get mark(): StepContext['mark'] {
    return (name) => {
      this.#scope.run.world.mark?.(name)
      if (this.#scope.run.recorded && !this.#over) recordMark(this.#scope, this.path, name, this.attempt)
    }
  }

  get sleep(): StepContext['sleep'] {
    return (ms) => sleep(this.clock, ms, `step:${this.step}`, this.signal)
  }

  /** What its function has metered while it counted. */
  get usage(): Usage {
    return this.#usage
  }

  /** True once nothing its function does counts any more. */
  get over(): boolean {
    return this.#over
  }

  /** Ends the attempt: nothing its function does from here on counts. */
  end(): void {
    this.#over = true
  }

  /** Ends the attempt while its function is still running: the reason aborts its signal. */
  giveUp(reason: unknown): void {
    this.end()
    this.#gaveUp = { reason }
    this.#controller?.abort(reason)
  }

  /** The attempt's writes to the context; `undefined` when it did not look at it. */
  changes(): ReadonlyMap<string, Change> | undefined {
    return this.#view?.changes()
  }

  /** Makes the attempt's writes to the context the run's. */
  commit(): void {
    this.#view?.commit()
  }

  #add(more: Parameters<StepContext['meter']>[0]): void {
    if (this.#over) return this.#late()
    if (countsNothing(more)) throw new UsageError(this.step, undefined, more)
    const costUsd = this.#amount('costUsd', more.costUsd)
    const tokens = this.#amount('tokens', more.tokens)
    const { run } = this.#scope
    // What the whole run has metered must stay a number; then so do the sums of its parts.
    run.metered = {
      costUsd: this.#amount('costUsd', run.metered.costUsd + costUsd),
      tokens: this.#amount('tokens', run.metered.tokens + tokens),
    }
    const usage = { costUsd, tokens }
    this.#usage = addUsage(this.#usage, usage)
    this.#scope.spend(usage)
  }

  /** What is metered now, as after a forgotten `await`, is in no sum and no quota. Said once: a loop may go on for ever. */
  #late(): void {
    // Of one that was given up its late end is on record.
    if (this.#saidLate || this.#gaveUp !== undefined || !this.#scope.run.recorded) return
    this.#saidLate = true
    const { step, attempt, path } = this
    recordEvent(this.#scope, path, 'late', { step, attempt, settled: 'metered usage' })
  }

  #amount(field: string, amount: number | undefined): number {
    if (amount === undefined) return 0
    if (typeof amount !== 'number' || !Number.isFinite(amount) || amount < 0)
      throw new UsageError(this.step, field, amount)
    return amount
  }
}

/** Providers have more fields, and one that is `undefined` is nothing. But with others alone nothing would ever count. */
function countsNothing(more: unknown): boolean {
  if (typeof more !== 'object' || more === null) return true
  return !('costUsd' in more || 'tokens' in more) && Object.keys(more).length > 0
}
