import type { AuditStore } from '../audit/store.ts'
import type { Outcome } from '../audit/records.ts'
import type { RunContext } from '../context/context.ts'
import { AbortSignalled } from '../base/control.ts'
import { addUsage, NO_USAGE, type Usage } from '../base/result.ts'
import type { World } from '../world/world.ts'

/** Called once when the run is aborted. */
export type AbortHook = (signalled: AbortSignalled) => void

/** Every run has one root token; forks will make more. */
export const ROOT_TOKEN = 't1'

/** What one run shares: its world, its audit trail, its context, and its one link to the caller's abort signal. */
export class Run {
  readonly id: string
  readonly world: World
  readonly store: AuditStore | undefined
  readonly context: RunContext
  readonly startedMs: number
  /** What all attempts so far cost; also what is left of a run that a control signal ended. */
  readonly spent: { attempts: number; usage: Usage } = { attempts: 0, usage: NO_USAGE }
  /** Set once the caller's signal has fired. */
  aborted: AbortSignalled | undefined = undefined
  readonly #signal: AbortSignal | undefined
  readonly #abort: (() => void) | undefined
  #hooks: Set<AbortHook> | undefined

  constructor(
    id: string,
    world: World,
    store: AuditStore | undefined,
    context: RunContext,
    signal: AbortSignal | undefined,
  ) {
    this.id = id
    this.world = world
    this.store = store
    this.context = context
    this.startedMs = world.clock.monotonicMs()
    this.#signal = signal
    // One listener per run, not per attempt: adding one costs a microsecond.
    if (signal === undefined) return
    this.#abort = () => this.#onAbort(signal)
    if (signal.aborted) this.#abort()
    else signal.addEventListener('abort', this.#abort, { once: true })
  }

  /** True when the caller gave a signal, so that attempts have to be interruptible. */
  get abortable(): boolean {
    return this.#signal !== undefined
  }

  /** Milliseconds since the run started. */
  elapsedMs(): number {
    return this.world.clock.monotonicMs() - this.startedMs
  }

  /** Counts one attempt that ran, and what it cost. */
  spend(usage: Usage): void {
    this.spent.attempts++
    this.spent.usage = addUsage(this.spent.usage, usage)
  }

  /** Calls the hook when the run is aborted; the caller has to take it off again. */
  onAbort(hook: AbortHook): void {
    ;(this.#hooks ??= new Set()).add(hook)
  }

  offAbort(hook: AbortHook): void {
    this.#hooks?.delete(hook)
  }

  /** Waits in the world's time; ends at once, quietly, when the run is aborted. */
  sleep(ms: number, point: string): Promise<void> {
    if (this.aborted !== undefined) return Promise.resolve()
    return new Promise((resolve) => {
      const end = (): void => {
        timer.cancel()
        this.#hooks?.delete(end)
        resolve()
      }
      const timer = this.world.clock.after(ms, point, end)
      this.onAbort(end)
    })
  }

  /** Lets go of the caller's signal. */
  end(): void {
    if (this.#abort !== undefined) this.#signal?.removeEventListener('abort', this.#abort)
  }

  #onAbort(signal: AbortSignal): void {
    const signalled = new AbortSignalled(signal.reason)
    this.aborted = signalled
    for (const hook of this.#hooks ?? []) hook(signalled)
  }
}

/** The root token's fate for a status its run can end with. */
export function outcomeOf(status: string): Outcome {
  return status === 'completed' || status === 'cancelled' ? status : 'failed'
}
