import type { AuditRecord, StepResult } from 'shakedown'
import type { Result, Row } from './told.ts'

/** The engine's result in the words of the interpreter. */
export function resultOf(result: StepResult): Result {
  const { name, path, status, output, feedback, attempts, latencyMs, usage, metadata, children } = result
  return {
    name,
    path,
    status: status as Result['status'],
    output,
    feedback,
    attempts,
    latencyMs,
    tokens: tokensOf(usage),
    metadata,
    children: Object.fromEntries(Object.entries(children).map(([key, child]) => [key, resultOf(child)])),
  }
}

/** Both parts of a usage, which the random steps meter together. */
function tokensOf({ tokens, costUsd }: StepResult['usage']): number {
  return costUsd === tokens / 4 ? tokens : Number.NaN
}

/** The engine's records in the words of the interpreter, tokens by where they came from. */
export function rowsOf(records: readonly AuditRecord[]): readonly Row[] {
  const names = new Map<string, string>()
  const named = (tokenId: string): string => names.get(tokenId) ?? `unknown ${tokenId}`
  for (const record of records) {
    if (record.kind !== 'token') continue
    const parents = record.parentIds.map(named)
    const name =
      parents.length === 0
        ? 't'
        : record.branch === null
          ? `(${parents.join('+')})`
          : `${parents[0]}/${record.branch}`
    names.set(record.tokenId, name)
  }
  return records.map((record) => rowOf(record, named))
}

function rowOf(record: AuditRecord, named: (tokenId: string) => string): Row {
  switch (record.kind) {
    case 'run-started':
      return { row: 'run-started', pipeline: record.pipeline, input: record.input }
    case 'token':
      return { row: 'token', token: named(record.tokenId), branch: record.branch, atMs: record.atMs }
    case 'attempt': {
      const {
        path,
        visit,
        step,
        attempt,
        status,
        startedAtMs: startedMs,
        latencyMs,
        delayMs,
        input,
        output,
      } = record
      const whose = { token: named(record.tokenId), visit, path, step, attempt, startedMs }
      const feedback = record.error?.message ?? null
      return {
        row: 'attempt',
        ...whose,
        status,
        latencyMs,
        delayMs,
        tokens: tokensOf(record.usage),
        input,
        output,
        feedback,
      }
    }
    case 'step': {
      const { path, visit, step, node, status, attempts, latencyMs, atMs, feedback, metadata } = record
      const whose = { token: named(record.tokenId), visit, atMs }
      return {
        row: 'step',
        node,
        step,
        ...whose,
        path,
        status,
        feedback,
        attempts,
        latencyMs,
        tokens: tokensOf(record.usage),
        metadata,
      }
    }
    case 'event': {
      const { path, visit, event, atMs } = record
      // How a function that nobody waits for any more ended is its own.
      const { error: _, ...detail } = record.detail
      return { row: 'event', event, token: named(record.tokenId), visit, path, atMs, detail }
    }
    case 'join': {
      const { path, visit, tokenId, atMs, policy, status, lost, waitedMs, reason } = record
      return {
        row: 'join',
        path,
        visit,
        token: named(tokenId ?? ''),
        atMs,
        policy,
        status,
        arrived: record.arrived.map((each) => {
          return { branch: each.branch, token: named(each.tokenId), atMs: each.atMs }
        }),
        lost,
        waitedMs,
        reason,
      }
    }
    case 'outcome': {
      const { tokenId, outcome, reason, atMs } = record
      return { row: 'outcome', token: named(tokenId), outcome, reason, atMs }
    }
    case 'run-finished': {
      const { status, latencyMs, attempts, output, feedback } = record
      return {
        row: 'run-finished',
        status,
        latencyMs,
        attempts,
        tokens: tokensOf(record.usage),
        output,
        feedback,
      }
    }
    case 'attempt-start':
      return { row: record.kind }
  }
}
