import { type AbortSignalled, type ControlSignal, isControlSignal } from '../control.ts'
import { TimeoutError } from '../errors.ts'
import type { StepNode } from '../nodes/node.ts'
import { validate } from '../policy/validate.ts'
import { describeThrown } from '../serialize-error.ts'
import type { Boundary } from '../world/world.ts'
import type { Attempt } from './attempt.ts'
import { isThenable } from './is-thenable.ts'
import type { Run } from './run.ts'

/** How an attempt ended. Failures are values in here; only control signals are anything else. */
export type Settlement =
  | { readonly kind: 'completed'; readonly output: unknown }
  | { readonly kind: 'failed'; readonly thrown: unknown }
  | { readonly kind: 'control'; readonly signal: ControlSignal }

/** Runs one attempt to its settlement. Never rejects; settles at once where the function does. */
export function settle(
  node: StepNode<never, unknown>,
  input: unknown,
  attempt: Attempt,
  run: Run,
): Settlement | Promise<Settlement> {
  const { policy } = node
  if (policy.timeoutMs !== undefined || run.abortable) return raced(node, input, attempt, run)
  if (policy.validate !== undefined) return work(node, input, attempt, run).then(completed, thrownAs)
  // Nothing can interrupt the attempt, so nothing but its own end has to be waited for. Shared handlers and no async
  // function in between: a step's whole overhead is about as much as one of them costs.
  try {
    const { boundary } = run.world
    const returned =
      boundary === undefined ? node.run(input as never, attempt) : callThrough(boundary, node, input, attempt)
    if (returned instanceof Promise) return returned.then(completed, thrownAs)
    return isThenable(returned) ? Promise.resolve(returned).then(completed, thrownAs) : completed(returned)
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
      (output) => (open ? end({ kind: 'completed', output }) : late(run, attempt, 'returned')),
      (thrown: unknown) => (open ? end(thrownAs(thrown)) : late(run, attempt, 'threw', thrown)),
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
  const output = await (boundary === undefined
    ? node.run(input as never, attempt)
    : callThrough(boundary, node, input, attempt))
  if (node.policy.validate !== undefined) await validate(node.policy.validate, output, attempt)
  return output
}

function callThrough(
  boundary: Boundary,
  node: StepNode<never, unknown>,
  input: unknown,
  attempt: Attempt,
): unknown {
  const signal = (): AbortSignal => attempt.signal
  return boundary({ point: `step:${node.name}`, path: attempt.path, input, signal }, () =>
    node.run(input as never, attempt),
  )
}

function completed(output: unknown): Settlement {
  return { kind: 'completed', output }
}

function thrownAs(thrown: unknown): Settlement {
  return isControlSignal(thrown) ? { kind: 'control', signal: thrown } : { kind: 'failed', thrown }
}

/** Notes down what an attempt's function did after nobody waited for it any more. It changes nothing else. */
function late(run: Run, attempt: Attempt, settled: 'returned' | 'threw', thrown?: unknown): void {
  run.store?.append({
    kind: 'event',
    runId: run.id,
    path: attempt.path,
    event: 'late',
    atMs: run.elapsedMs(),
    detail: {
      step: attempt.step,
      attempt: attempt.attempt,
      settled,
      ...(settled === 'threw' ? { error: describeThrown(thrown) } : {}),
    },
  })
}
