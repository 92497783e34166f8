import { type Ledger, NOTHING, type Result, type Row, type Scope } from './told.ts'
import type { Tree } from './tree.ts'

/** Tells what becomes of a node; composites are given it for the nodes inside them. */
export type Interpret = (tree: Tree, path: string, input: unknown, scope: Scope, ledger: Ledger) => Result

/** Every node that ran leaves one record of its end. */
export function ended(kind: string, result: Result, scope: Scope, ledger: Ledger): Result {
  const { name, path, status, feedback, attempts, latencyMs, tokens, metadata } = result
  const whose = { token: scope.token, visit: scope.visit, atMs: scope.now }
  ledger.rows.push({
    row: 'step',
    node: kind,
    step: name,
    ...whose,
    path,
    status,
    feedback,
    attempts,
    latencyMs,
    tokens,
    metadata,
  })
  return result
}

/** Something happened. */
export function event(scope: Scope, path: string, name: string, detail: Row, ledger: Ledger): void {
  const { token, visit, now } = scope
  ledger.rows.push({ row: 'event', event: name, token, visit, path, atMs: now, detail })
}

/** True when the run of this scope is over: nothing starts then. */
export function isAborted({ abort, now }: Scope): boolean {
  return abort !== undefined && abort.atMs <= now
}

/** Code that decides takes its time, and hears of no abort. @returns false when an abort ended the wait for it */
export function decides(ms: number, scope: Scope, ledger: Ledger): boolean {
  if (isAborted(scope)) return false
  const doneMs = scope.now + ms
  scope.now = Math.min(doneMs, scope.abort?.atMs ?? Infinity)
  if (scope.now < doneMs) ledger.busyMs = Math.max(ledger.busyMs, doneMs)
  return scope.now === doneMs
}

/** A node that an abort has ended. */
export function cancelled(
  name: string,
  path: string,
  scope: Scope,
  spent = NOTHING,
  children: Result['children'] = {},
  metadata: Row = {},
): Result {
  const feedback = `Cancelled: ${scope.abort?.reason}`
  return { name, path, status: 'cancelled', output: undefined, feedback, ...spent, metadata, children }
}
