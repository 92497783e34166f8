import { type AbortSignalled, type ControlSignal, isControlSignal } from '../control.ts'
import { TimeoutError } from '../errors.ts'
import type { StepNode } from '../nodes/node.ts'
import { validate } from '../policy/validate.ts'
import type { Attempt } from './attempt.ts'
import type { Run } from './run.ts'

/** How an attempt ended. Failures are values in here; only control signals are anything else. */
export type Settlement =
  | { readonly kind: 'completed'; readonly output: unknown }
  | { readonly kind: 'failed'; readonly thrown: unknown }
  | { readonly kind: 'control'; readonly signal: ControlSignal }

/** Told what an attempt's function did after nobody waited any more. */
export type LateHook = (settled: 'returned' | 'threw', value: unknown) => void

/** Runs one attempt to its settlement. Never rejects. */
export function settle(
  node: StepNode<never, unknown>,
  input: unknown,
  attempt: Attempt,
  run: Run,
  late: LateHook,
): Settlement | Promise<Settlement> {
  const { timeoutMs } = node.policy
  if (timeoutMs === undefined && !run.abortable) return direct(node, input, attempt, run)
  return raced(node, input, attempt, run, late)
}

/** Nothing can interrupt the attempt, so nothing but its own end has to be waited for. */
async function direct(
  node: StepNode<never, unknown>,
  input: unknown,
  attempt: Attempt,
  run: Run,
): Promise<Settlement> {
  try {
    return { kind: 'completed', output: await work(node, input, attempt, run) }
  } catch (thrown) {
    return thrownAs(thrown)
  }
}

/** The attempt's end, its timeout or the run's abort: whichever is first. The function may settle later. */
function raced(
  node: StepNode<never, unknown>,
  input: unknown,
  attempt: Attempt,
  run: Run,
  late: LateHook,
): Promise<Settlement> {
  return new Promise((resolve) => {
    let open = true
    const end = (settlement: Settlement, reason?: unknown): void => {
      open = false
      timer?.cancel()
      run.offAbort(abort)
      attempt.end(reason)
      resolve(settlement)
    }
    const abort = (signal: AbortSignalled): void => end({ kind: 'control', signal }, signal.cause)
    const { timeoutMs } = node.policy
    // The clock starts when the function is called, so the timer comes first.
    const timer =
      timeoutMs === undefined
        ? undefined
        : run.world.clock.after(timeoutMs, `timeout of step:${node.name}`, () => {
            const error = new TimeoutError(node.name, timeoutMs)
            end({ kind: 'failed', thrown: error }, error)
          })
    run.onAbort(abort)
    work(node, input, attempt, run).then(
      (output) => (open ? end({ kind: 'completed', output }) : late('returned', output)),
      (thrown: unknown) => (open ? end(thrownAs(thrown)) : late('threw', thrown)),
    )
  })
}

async function work(
  node: StepNode<never, unknown>,
  input: unknown,
  attempt: Attempt,
  run: Run,
): Promise<unknown> {
  const { boundary } = run.world
  const returned =
    boundary === undefined
      ? node.run(input as never, attempt)
      : boundary(
          { point: `step:${node.name}`, path: attempt.path, input, signal: () => attempt.signal },
          () => node.run(input as never, attempt),
        )
  const output = await returned
  if (node.policy.validate !== undefined) await validate(node.policy.validate, output, attempt)
  return output
}

function thrownAs(thrown: unknown): Settlement {
  return isControlSignal(thrown) ? { kind: 'control', signal: thrown } : { kind: 'failed', thrown }
}
