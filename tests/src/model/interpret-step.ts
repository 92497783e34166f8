import { cancelled, ended, event, isAborted } from './ledger.ts'
import { commit, type Deed, type Ledger, type Result, type Row, type Scope } from './told.ts'
import type { StepTree, Write } from './tree.ts'

/** A step: attempts, and waits between them, until one is good or there are no more. */
export function interpretStep(
  tree: StepTree,
  path: string,
  input: unknown,
  scope: Scope,
  ledger: Ledger,
): Result {
  const { name, retries, backoffMs } = tree
  const startedMs = scope.now
  let tokens = 0
  let delayMs = 0
  for (let attempt = 1; ; attempt++) {
    const spent = (attempts: number) => ({ attempts, latencyMs: scope.now - startedMs, tokens })
    if (isAborted(scope))
      return ended('step', cancelled(name, path, scope, spent(attempt - 1)), scope, ledger)
    const made = attemptOf(tree, path, { attempt, delayMs }, input, scope, ledger)
    tokens += made.tokens
    if (made.end === 'cancelled')
      return ended('step', cancelled(name, path, scope, spent(attempt)), scope, ledger)
    if (made.end === 'completed' || attempt > retries) {
      const { end: status, output, feedback } = made
      const result = { name, path, status, output, feedback, ...spent(attempt), metadata: {}, children: {} }
      return ended('step', result, scope, ledger)
    }
    delayMs = Math.min(backoffMs * 2 ** (attempt - 1), 1_000)
    scope.now = Math.min(scope.now + delayMs, scope.abort?.atMs ?? Infinity)
  }
}

interface Made {
  readonly end: 'completed' | 'failed' | 'cancelled'
  readonly output: unknown
  readonly feedback: string | null
  readonly tokens: number
}

function attemptOf(
  { name, scripts, timeoutMs }: StepTree,
  path: string,
  { attempt, delayMs }: { readonly attempt: number; readonly delayMs: number },
  input: unknown,
  scope: Scope,
  ledger: Ledger,
): Made {
  const number = (ledger.called.get(name) ?? 0) + 1
  ledger.called.set(name, number)
  const { ms, throws, tokens, writes } = scripts[Math.min(number, scripts.length) - 1]!
  const startedMs = scope.now
  const context = Object.fromEntries([...scope.context].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  ledger.calls.push({ step: name, attempt, input, context, atMs: startedMs })
  const doneMs = startedMs + ms
  const timesOutMs = startedMs + (timeoutMs ?? Infinity)
  const abortsMs = scope.abort?.atMs ?? Infinity
  scope.now = Math.min(doneMs, timesOutMs, abortsMs)
  const whose: Row = { token: scope.token, visit: scope.visit, path, step: name, attempt, startedMs }
  const told = (made: Omit<Made, 'tokens'>, late: boolean): Made => {
    const { end: status, output, feedback } = made
    const latencyMs = scope.now - startedMs
    ledger.rows.push({
      row: 'attempt',
      ...whose,
      status,
      latencyMs,
      delayMs,
      tokens,
      input,
      output,
      feedback,
    })
    // Its function hears of the abort of its signal, and settles when nobody waits for it any more.
    if (late) event(scope, path, 'late', { step: name, attempt, settled: 'threw' }, ledger)
    return { ...made, tokens }
  }
  if (scope.now === doneMs) {
    if (throws) return told({ end: 'failed', output: undefined, feedback: `${name} fails` }, false)
    commit(
      scope,
      writes.map((write) => deedOf(write, `${name}.${number}`)),
    )
    return told({ end: 'completed', output: { by: `${name}.${number}` }, feedback: null }, false)
  }
  if (scope.now === timesOutMs)
    return told(
      { end: 'failed', output: undefined, feedback: `step '${name}' timed out after ${timeoutMs} ms` },
      true,
    )
  const isSiblings = scope.abort?.reason.startsWith('branch ') === true
  const feedback = isSiblings ? 'The branch was cancelled' : 'The run was aborted by its signal'
  return told({ end: 'cancelled', output: undefined, feedback }, true)
}

function deedOf(write: Write, item: string): Deed {
  return write.kind === 'append' ? { ...write, item } : write
}
