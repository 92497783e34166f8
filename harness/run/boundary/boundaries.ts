import type { Boundary, BoundaryCall } from '../../../src/index.ts'
import { isolate } from '../../../src/context/isolate.ts'
import { retryAfterMs } from '../../../src/policy/retry-after.ts'
import type { FaultPlan } from '../../faults/play/plan.ts'
import type { FaultAction } from '../../faults/play/action.ts'
import { type Act, Rejection } from '../../faults/points/verb.ts'
import { LIMITS } from '../../world/limits.ts'
import { currentUpkeep } from '../../world/work/hook.ts'
import type { SimWorld } from '../../world/sim-world.ts'
import type { ImpossibleFault, ObservedCall, Runaway } from '../../scenario/observation.ts'

/** Calls above that which are refused by an error; a subject that asks still more often does not listen. */
const REFUSALS_MAX = 100

const neverAtOnce = (): boolean => false

/** Waited for to continue in a later microtask. */
const settledPromise = Promise.resolve()

/** Who wants to know of calls while they are made. */
export interface CallListener {
  callBegins(call: ObservedCall): void
  callFailed(call: ObservedCall): void
  callSettled(): void
}

/** A call with what only ports know of it. */
export interface CrossingCall extends BoundaryCall {
  readonly headers?: () => Readonly<Record<string, string>>
  /** Which of several callers makes it, from 0. */
  readonly caller?: number | undefined
  /** Whether it was given what aborts it; steps and adapters always are. */
  readonly hasSignal?: () => boolean
}

/**
 * The boundary of one execution: every call out comes through here, is noted down, and meets its fault or the real
 * thing. It is below retries, timeouts and fallbacks, where the real failure would come from.
 */
export class Boundaries {
  readonly calls: ObservedCall[] = []
  /** Set for good: what the subject does with the error that stops it changes nothing about it. */
  runaway: Runaway | undefined
  /** The first fault that had to wait where nobody waits. */
  impossible: ImpossibleFault | undefined
  /** The functions that the subject wrapped, called or not. */
  readonly wrapped: Set<string> = new Set()
  /**
   * Held here until they settle: the signal of a request follows its client's for as long as the request is there, so the
   * garbage collector would decide whether an abort comes through to a call that hangs.
   */
  readonly openRequests: Set<Request> = new Set()
  /** How many calls have not settled. */
  openCount = 0
  #refusals = 0
  readonly #world: SimWorld
  readonly #plan: FaultPlan
  readonly #callsMax: number
  readonly #counts = new Map<string, number>()
  readonly #keepsSignals: boolean
  /** Is told of calls as they begin and fail. */
  caller: CallListener | undefined
  /** Where requests go that meet no fault: the `fetch` of the moment before nock listens, which a test may have replaced. */
  readonly network: typeof fetch = globalThis.fetch

  /**
   * @param callsMax a subject that calls out more often than this is going round in circles
   * @param keepsSignals whether to keep the signals of calls, which costs a controller for each call that has none
   */
  constructor(
    world: SimWorld,
    plan: FaultPlan,
    callsMax: number = LIMITS.calls,
    keepsSignals: boolean = false,
  ) {
    this.#world = world
    this.#plan = plan
    this.#callsMax = callsMax
    this.#keepsSignals = keepsSignals
  }

  readonly cross: Boundary = (call: CrossingCall, real) => this.crossAs(call, real, neverAtOnce)

  /** @param isAtOnce whether the caller waits for no promise; asked only where a fault acts */
  crossAs(call: CrossingCall, real: () => unknown, isAtOnce: () => boolean): unknown {
    if (this.calls.length >= this.#callsMax) return this.#refuse(call.point)
    const action = this.#plan.next(call, this.#world.random)
    const observed = this.#note(call, action)
    this.caller?.callBegins(observed)
    let outcome: unknown
    try {
      outcome =
        action === undefined
          ? real()
          : this.#actOf(action, observed, isAtOnce)(
              call,
              action.actsOnAnswer ? answering(observed, call.signal, real) : real,
              this.#world,
            )
    } catch (thrown) {
      this.#threw(observed, thrown)
      throw thrown
    }
    if (Rejection.is(outcome)) return this.#rejected(observed, outcome.thrown)
    if (!isThenable(outcome)) {
      this.#settle(observed, 'returned')
      return outcome
    }
    // The caller gets the promise we watch: a second one beside it would hide that a rejection is not handled. A foreign
    // thenable is adopted, once: asking it twice may do its work twice.
    const promise = outcome instanceof Promise ? outcome : new Promise((resolve) => resolve(outcome))
    return promise.then(
      (value) => {
        this.#settle(observed, 'returned')
        if (isRefusal(observed, value)) this.caller?.callFailed(observed)
        return value
      },
      (thrown: unknown) => {
        this.#threw(observed, thrown)
        throw thrown
      },
    )
  }

  /** A call that begins. */
  #note(call: CrossingCall, action: FaultAction | undefined): ObservedCall {
    const nth = (this.#counts.get(call.point) ?? 0) + 1
    this.#counts.set(call.point, nth)
    const observed: ObservedCall = {
      point: call.point,
      path: call.path,
      tokenId: call.tokenId,
      visit: call.visit,
      caller: call.caller,
      nth,
      atMs: this.#world.clock.monotonicMs(),
      fault: action?.text ?? null,
      settled: 'open',
      settledAtMs: null,
      // What the call was given at this moment; its function may write to it.
      input: isolate(call.input),
      action,
      signal: this.#keepsSignals ? call.signal() : undefined,
      aborted: false,
      headers: call.headers?.(),
      deafened: action?.ignoresAbort === true && (call.tokenId !== undefined || call.hasSignal?.() === true),
      heard: true,
      answered: action?.actsOnAnswer !== true,
      leftOver: currentUpkeep() === 'left over',
      retryAfterMs: 0,
      callsBeforeSettled: 0,
      failure: undefined,
    }
    // Not by `push`, which the subject may have replaced.
    this.calls[this.calls.length] = observed
    this.openCount++
    return observed
  }

  #actOf(action: FaultAction, { point, nth }: ObservedCall, isAtOnce: () => boolean): Act {
    if (!isAtOnce()) return action.act
    if (action.atOnce !== undefined) return action.atOnce
    this.impossible ??= { point, nth, fault: action.text }
    throw new TypeError(`The fault ${action.text} cannot act on ${point}, which returns no promise.`)
  }

  /**
   * An error ends most loops. One that catches it, too, is given a promise that never settles: a loop that awaits it lets
   * go of the thread, so that somebody can say what it did.
   */
  #refuse(point: string): Promise<never> {
    this.runaway ??= { callsMax: this.#callsMax, point }
    this.#refusals += 1
    if (this.#refusals > REFUSALS_MAX) return new Promise(() => {})
    throw new RangeError(`Expected at most ${this.#callsMax} calls in one scenario, got more.`)
  }

  /** A promise that rejects once its caller has had the time to handle that. */
  #rejected(call: ObservedCall, thrown: unknown): Promise<never> {
    return new Promise((_resolve, reject) => {
      void settledPromise.then(() => {
        this.#threw(call, thrown)
        reject(thrown)
      })
    })
  }

  #threw(call: ObservedCall, thrown: unknown): void {
    call.failure = thrown
    call.retryAfterMs = retryAfterMs(thrown, this.#world.clock.wallMs)
    this.#settle(call, 'threw')
    this.caller?.callFailed(call)
  }

  #settle(call: ObservedCall, how: 'returned' | 'threw'): void {
    this.openCount--
    call.settled = how
    call.aborted = call.signal?.aborted === true
    call.callsBeforeSettled = this.calls.length
    call.settledAtMs = this.#world.clock.monotonicMs()
    this.caller?.callSettled()
  }
}

/** The real thing, whose answer is noted. Where its caller has ended it, that is no failure of its own. */
function answering(call: ObservedCall, signal: () => AbortSignal, real: () => unknown): () => unknown {
  const answered = (given: unknown): unknown => {
    call.answered = true
    return given
  }
  const failed = (thrown: unknown): never => {
    call.answered = signal().aborted
    throw thrown
  }
  return () => {
    try {
      const given = real()
      return isThenable(given) ? Promise.resolve(given).then(answered, failed) : answered(given)
    } catch (thrown) {
      return failed(thrown)
    }
  }
}

/** An answer that its client takes for a failure, and may wait before it asks again. */
function isRefusal({ headers }: ObservedCall, value: unknown): boolean {
  // Only requests have any.
  return headers !== undefined && (value as Partial<Response> | null | undefined)?.ok === false
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  // A returned proxy may throw when it is read; then it is not a promise either.
  try {
    return (
      (typeof value === 'object' || typeof value === 'function') &&
      value !== null &&
      typeof (value as { then?: unknown }).then === 'function'
    )
  } catch {
    return false
  }
}
