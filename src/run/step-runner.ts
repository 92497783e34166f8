import { isolate } from '../context/isolate.ts'
import type { ControlSignal } from '../control.ts'
import type { StepNode } from '../nodes/node.ts'
import { backoffMs } from '../policy/backoff.ts'
import { retryAfterMs } from '../policy/retry-after.ts'
import type { SerializedError, StepResult, Usage } from '../result.ts'
import { describeThrown, serializeError } from '../serialize-error.ts'
import { Attempt } from './attempt.ts'
import { cancelledResult, completedResult, failedResult, recorded, type Spent } from './results.ts'
import { ROOT_TOKEN, type Run } from './run.ts'
import { type Settlement, settle } from './settle.ts'

type AnyStep = StepNode<never, unknown>

/**
 * Runs a step: attempts, waits between them, records.
 * @param keepInput somebody else needs the input after this step, so its attempts get copies
 */
export async function runStep(
  node: AnyStep,
  path: string,
  input: unknown,
  run: Run,
  keepInput: boolean,
): Promise<StepResult> {
  const startedMs = run.world.clock.monotonicMs()
  const attemptsMax = 1 + node.policy.retries
  let costUsd = 0
  let tokens = 0
  let delayMs = 0
  for (let number = 1; ; number++) {
    const spent = (attempts: number): Spent => ({
      attempts,
      latencyMs: run.world.clock.monotonicMs() - startedMs,
      usage: { costUsd, tokens },
    })
    // Nothing starts before what led to it is on disk.
    const pending = run.store?.committed()
    if (pending !== undefined) await pending
    if (run.aborted !== undefined)
      return recorded(run, 'step', cancelledResult(node.name, path, run.aborted, spent(number - 1)))

    const attempt = new Attempt(run, node.name, path, number)
    const mine = keepInput || number < attemptsMax || run.store !== undefined ? isolate(input) : input
    const attemptStartedMs = run.world.clock.monotonicMs()
    const late = lateHook(run, node.name, path, number)
    const settlement = await settle(node, mine, attempt, run, late)
    attempt.end()
    const { usage } = attempt
    costUsd += usage.costUsd
    tokens += usage.tokens
    recordAttempt(run, node, path, number, attemptStartedMs, delayMs, input, usage, settlement)
    switch (settlement.kind) {
      case 'completed':
        attempt.commit()
        return recorded(run, 'step', completedResult(node.name, path, settlement.output, spent(number)))
      case 'control':
        return recorded(run, 'step', cancelledOrThrow(settlement.signal, node.name, path, spent(number)))
      case 'failed':
        if (number === attemptsMax || !retryable(node, settlement.thrown)) {
          return recorded(run, 'step', failedStep(node, path, settlement.thrown, spent(number)))
        }
        delayMs = nextDelayMs(node, number, settlement.thrown, run)
    }
    if (delayMs > 0) await run.sleep(delayMs, `backoff of step:${node.name}`)
  }
}

function cancelledOrThrow(signal: ControlSignal, name: string, path: string, spent: Spent): StepResult {
  // An abort is a result of its own; any other control signal goes to the engine's edge.
  if (signal.kind !== 'abort') throw signal
  return cancelledResult(name, path, signal, spent)
}

function failedStep(node: AnyStep, path: string, thrown: unknown, spent: Spent): StepResult {
  return failedResult(node.name, path, describeThrown(thrown), serializeError(thrown), spent)
}

function retryable(node: AnyStep, thrown: unknown): boolean {
  try {
    if (node.policy.retryIf !== undefined) return node.policy.retryIf(thrown)
    return (thrown as { retryable?: unknown } | null | undefined)?.retryable !== false
  } catch {
    // A thrown proxy that cannot be read says nothing against another attempt; nor does a `retryIf` that chokes on it.
    return true
  }
}

function nextDelayMs(node: AnyStep, failed: number, thrown: unknown, run: Run): number {
  const { clock, random } = run.world
  return Math.max(backoffMs(node.policy.backoff, failed, random), retryAfterMs(thrown, clock.wallMs))
}

function recordAttempt(
  run: Run,
  node: AnyStep,
  path: string,
  number: number,
  startedMs: number,
  delayMs: number,
  input: unknown,
  usage: Usage,
  settlement: Settlement,
): void {
  if (run.store === undefined) return
  run.store.append({
    kind: 'attempt',
    runId: run.id,
    tokenId: ROOT_TOKEN,
    path,
    step: node.name,
    attempt: number,
    status: settlement.kind === 'control' ? 'cancelled' : settlement.kind,
    startedAtMs: startedMs - run.startedMs,
    latencyMs: run.world.clock.monotonicMs() - startedMs,
    delayMs,
    usage,
    input,
    output: settlement.kind === 'completed' ? settlement.output : undefined,
    error: errorOf(settlement),
  })
}

function errorOf(settlement: Settlement): SerializedError | null {
  switch (settlement.kind) {
    case 'completed':
      return null
    case 'failed':
      return serializeError(settlement.thrown)
    case 'control':
      return serializeError(settlement.signal)
  }
}

function lateHook(run: Run, step: string, path: string, attempt: number) {
  return (settled: 'returned' | 'threw', value: unknown): void => {
    run.store?.append({
      kind: 'event',
      runId: run.id,
      path,
      event: 'late',
      atMs: run.elapsedMs(),
      detail: { step, attempt, settled, ...(settled === 'threw' ? { error: describeThrown(value) } : {}) },
    })
  }
}
