import { type AbortSignalled, type ControlSignal, isControlSignal } from '../../base/control.ts'
import { TimeoutError } from '../../base/errors.ts'
import type { StepNode } from '../../nodes/step.ts'
import { kept } from '../../context/isolate.ts'
import { validate } from '../../policy/validate.ts'
import { describeThrown } from '../../base/serialize-error.ts'
import type { Boundary, Timer } from '../../world/world.ts'
import type { Attempt } from './attempt.ts'
import type { AbortListener, Scope } from '../scope.ts'
import { gather, isStream } from './stream.ts'
import { recordEvent, type Whose } from '../trail.ts'

/** How an attempt ended. Failures are values in here; only control signals are anything else. */
export type Settlement = { readonly kind: 'completed'; readonly output: unknown } | Lost

/** How an attempt ended that did not complete. */
export type Lost =
  | {
      readonly kind: 'failed'
      readonly thrown: unknown
      /** What the function had given, where it was refused. */
      readonly output?: unknown
    }
  | { readonly kind: 'control'; readonly signal: ControlSignal }

/** What a call needs to know of its step, or of what else is called through the boundary. */
interface CalledStep {
  readonly node: Pick<StepNode<never, unknown>, 'name' | 'run' | 'policy'> & { readonly kind: string }
  readonly path: string
  /** `step:NAME`. */
  readonly point: string
}

/** The attempt's end, its timeout or the run's abort: whichever is first. Never rejects; the function may settle later. */
export function raced(step: CalledStep, input: unknown, attempt: Attempt, scope: Scope): Promise<Settlement> {
  const { tracing } = scope.run
  if (tracing === undefined) return raceOf(step, input, attempt, scope)
  const { tokenId, visit } = scope
  const { path, step: name, attempt: number } = attempt
  return tracing.inAttempt({ tokenId, visit, path, step: name, attempt: number }, () =>
    raceOf(step, input, attempt, scope),
  )
}

function raceOf(step: CalledStep, input: unknown, attempt: Attempt, scope: Scope): Promise<Settlement> {
  return new Promise((resolve) => startRace(step, input, attempt, scope, resolve))
}

/** As `raced`, for who needs no promise of it, in a run that nobody traces. */
export function startRace(
  step: CalledStep,
  input: unknown,
  attempt: Attempt,
  scope: Scope,
  resolve: (settlement: Settlement) => void,
): void {
  const race = new Race(step, attempt, scope, resolve)
  const threw = (thrown: unknown): void => race.settled(thrownAs(thrown))
  if (scope.run.world.boundary !== undefined || step.node.policy.validate !== undefined) {
    call(step, input, attempt, scope).then((settlement) => race.settled(settlement), threw)
    return
  }
  // With no boundary and no judge around it one promise is enough.
  try {
    const returned = Promise.resolve(step.node.run(input as never, attempt))
    returned.then((output) => {
      if (!isStream(output)) race.settled(accepted(output, attempt))
      else gather(output, step, attempt, scope).then((given) => race.settled(accepted(given, attempt)), threw)
    }, threw)
  } catch (thrown) {
    threw(thrown)
  }
}

/** An attempt that something else may end before its function does. Every attempt in a branch is one: it holds little. */
class Race implements AbortListener {
  readonly #attempt: Attempt
  readonly #scope: Scope
  readonly #resolve: (settlement: Settlement) => void
  /** The scope may carry on as another token before the function settles. */
  readonly #tokenId: string
  readonly #timer: Timer | undefined
  #open = true

  constructor(step: CalledStep, attempt: Attempt, scope: Scope, resolve: (settlement: Settlement) => void) {
    this.#attempt = attempt
    this.#scope = scope
    this.#resolve = resolve
    this.#tokenId = scope.tokenId
    // The clock starts when the function is called, so the timer comes first.
    this.#timer = step.node.policy.timeoutMs === undefined ? undefined : this.#timeout(step)
    scope.onAbort(this)
  }

  /** Nobody waits for it any longer. */
  aborted(signal: AbortSignalled): void {
    this.#giveUp({ kind: 'control', signal }, signal.cause)
  }

  /** Its function has returned or thrown. */
  settled(settlement: Settlement): void {
    if (this.#open) {
      this.#end(settlement)
      return
    }
    const { run, visit } = this.#scope
    const whose = { run, tokenId: this.#tokenId, visit }
    if (settlement.kind === 'completed') late(whose, this.#attempt, 'returned')
    else
      late(
        whose,
        this.#attempt,
        'threw',
        settlement.kind === 'failed' ? settlement.thrown : settlement.signal,
      )
    this.#scope.functionSettled()
  }

  #timeout({ node: { name, kind, policy }, point }: CalledStep): Timer {
    const timeoutMs = policy.timeoutMs ?? 0
    return this.#scope.run.world.clock.after(timeoutMs, `timeout of ${point}`, () => {
      const error = new TimeoutError(name, timeoutMs, kind)
      this.#giveUp({ kind: 'failed', thrown: error }, error)
    })
  }

  #giveUp(settlement: Settlement, reason: unknown): void {
    this.#scope.functionLeftRunning()
    this.#end(settlement)
    this.#attempt.giveUp(reason)
  }

  #end(settlement: Settlement): void {
    this.#open = false
    this.#timer?.cancel()
    this.#scope.offAbort(this)
    this.#resolve(settlement)
  }
}

/**
 * Calls a step's function, through the world's boundary where there is one, and validates what it gives. Rejects with what the
 * function throws.
 */
async function call(step: CalledStep, input: unknown, attempt: Attempt, scope: Scope): Promise<Settlement> {
  const { boundary } = scope.run.world
  const { node } = step
  const returned = await (boundary === undefined
    ? node.run(input as never, attempt)
    : callThrough(boundary, step, input, attempt, scope))
  const given = isStream(returned) ? await gather(returned, step, attempt, scope) : returned
  const settlement = accepted(given, attempt)
  // An output that comes late is not used, so nothing judges it.
  if (attempt.over || node.policy.validate === undefined) return settlement
  try {
    await validate(node.policy.validate, given, attempt)
    return settlement
  } catch (thrown) {
    const lost = thrownAs(thrown)
    return lost.kind === 'failed' ? { ...lost, output: settlement.output } : lost
  }
}

/** What a function gave, as it is now: neither the function nor its judge can change what the run goes on with. */
function accepted(returned: unknown, attempt: Attempt): Extract<Settlement, { kind: 'completed' }> {
  return { kind: 'completed', output: attempt.over ? returned : kept(returned) }
}

/** Calls a step's function through a boundary, which may do something else in its place. */
export function callThrough(
  boundary: Boundary,
  { node, path, point }: CalledStep,
  input: unknown,
  attempt: Attempt,
  { tokenId, visit }: Scope,
): unknown {
  const signal = (): AbortSignal => attempt.signal
  return boundary({ point, path, tokenId, visit, input, signal }, () => node.run(input as never, attempt))
}

/** An attempt whose function threw: a failure, or a control signal. */
export function thrownAs(thrown: unknown): Lost {
  return isControlSignal(thrown) ? { kind: 'control', signal: thrown } : { kind: 'failed', thrown }
}

/** Records what an attempt's function did after the attempt was over. It changes nothing else. */
function late(whose: Whose, attempt: Attempt, settled: 'returned' | 'threw', thrown?: unknown): void {
  const { step, attempt: number, path } = attempt
  const error = settled === 'threw' ? { error: describeThrown(thrown) } : {}
  recordEvent(whose, path, 'late', { step, attempt: number, settled, ...error })
}
