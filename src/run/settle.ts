import { type AbortSignalled, type ControlSignal, isControlSignal } from '../base/control.ts'
import { TimeoutError } from '../base/errors.ts'
import type { StepNode } from '../nodes/step.ts'
import { kept } from '../context/isolate.ts'
import { validate } from '../policy/validate.ts'
import { describeThrown } from '../base/serialize-error.ts'
import type { Boundary } from '../world/world.ts'
import type { Attempt } from './attempt.ts'
import type { Scope } from './scope.ts'
import { recordEvent, type Whose } from './trail.ts'

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
  const { node, point } = step
  return new Promise((resolve) => {
    let open = true
    // The scope may carry on as another token before the function settles.
    const whose = { run: scope.run, tokenId: scope.tokenId, visit: scope.visit }
    const settledLate = (settled: 'returned' | 'threw', thrown?: unknown): void => {
      late(whose, attempt, settled, thrown)
      scope.functionSettled()
    }
    const end = (settlement: Settlement): void => {
      open = false
      timer?.cancel()
      scope.offAbort(abort)
      resolve(settlement)
    }
    const giveUp = (settlement: Settlement, reason: unknown): void => {
      scope.functionLeftRunning()
      end(settlement)
      attempt.giveUp(reason)
    }
    const abort = (signal: AbortSignalled): void => giveUp({ kind: 'control', signal }, signal.cause)
    const { timeoutMs } = node.policy
    // The clock starts when the function is called, so the timer comes first.
    const timer =
      timeoutMs === undefined
        ? undefined
        : scope.run.world.clock.after(timeoutMs, `timeout of ${point}`, () => {
            const error = new TimeoutError(node.name, timeoutMs, node.kind)
            giveUp({ kind: 'failed', thrown: error }, error)
          })
    scope.onAbort(abort)
    call(step, input, attempt, scope).then(
      (settlement) => {
        if (open) end(settlement)
        else if (settlement.kind === 'completed') settledLate('returned')
        else settledLate('threw', settlement.kind === 'failed' ? settlement.thrown : settlement.signal)
      },
      (thrown: unknown) => (open ? end(thrownAs(thrown)) : settledLate('threw', thrown)),
    )
  })
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
  // An output that comes late is not used, so nothing judges it.
  if (attempt.over) return { kind: 'completed', output: returned }
  // As it is now: neither its function nor its judge can change what the run goes on with.
  const output = kept(returned)
  try {
    if (node.policy.validate !== undefined) await validate(node.policy.validate, returned, attempt)
    return { kind: 'completed', output }
  } catch (thrown) {
    const lost = thrownAs(thrown)
    return lost.kind === 'failed' ? { ...lost, output } : lost
  }
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
