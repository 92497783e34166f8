import { storedError, StoredText } from './payload.ts'
import type { AuditRecord } from './records.ts'
import type { AuditStore, RunTrail, StoredPayload } from './store.ts'

/**
 * Copies a whole run into another store, under a run id of its own there: how the runs of many scenarios, recorded
 * in memory by many worker processes, come into one file. A trail is plain data, so it may have come as JSON.
 *
 * Payloads are copied as they are stored, cut ones with the length and hash of the whole. The run is committed in
 * one transaction: all of it or nothing.
 *
 * @returns after the commit
 * @throws AuditError when the store refuses the run, for example because it holds that run id already
 *
 * @example
 * await copyTrail(memory.trail('run-1'), file, world.nextId('run'))
 */
export async function copyTrail(trail: RunTrail, into: AuditStore, runId: string): Promise<void> {
  for (const record of recordsOf(trail, runId)) into.append(record)
  await into.committed(runId)
}

/** The records that leave this trail, in their order. */
function recordsOf(trail: RunTrail, runId: string): AuditRecord[] {
  const { pipeline, startedWallMs: wallMs } = trail
  const numbered: { readonly seq: number; readonly record: AuditRecord }[] = [
    { seq: 1, record: { kind: 'run-started', runId, pipeline, wallMs, input: valueOf(trail.input) } },
  ]
  const add = (seq: number, record: AuditRecord): void => {
    numbered.push({ seq, record })
  }
  for (const { seq, ...row } of trail.tokenRows) add(seq, { kind: 'token', runId, ...row })
  for (const { seq, ...row } of trail.stepRows) add(seq, { kind: 'step', runId, ...row })
  for (const { seq, ...row } of trail.eventRows) add(seq, { kind: 'event', runId, ...row })
  for (const { seq, ...row } of trail.outcomeRows) add(seq, { kind: 'outcome', runId, ...row })
  for (const { seq, input, output, error, ...row } of trail.attemptRows)
    add(seq, {
      kind: 'attempt',
      runId,
      ...row,
      input: valueOf(input),
      output: valueOf(output),
      error: storedError(error),
    })
  if (trail.finishedSeq !== null) add(trail.finishedSeq, endOf(trail, runId))
  return numbered.toSorted((a, b) => a.seq - b.seq).map(({ record }) => record)
}

function endOf(trail: RunTrail, runId: string): AuditRecord {
  const { status, finishedWallMs, latencyMs, attempts, costUsd, tokens, output, feedback, error } = trail
  return {
    kind: 'run-finished',
    runId,
    // A run with an end has all of these.
    status: status === 'running' ? 'cancelled' : status,
    wallMs: finishedWallMs ?? 0,
    latencyMs: latencyMs ?? 0,
    attempts: attempts ?? 0,
    usage: { costUsd: costUsd ?? 0, tokens: tokens ?? 0 },
    output: valueOf(output),
    feedback,
    error: storedError(error),
  }
}

function valueOf(payload: StoredPayload | null): StoredText | undefined {
  return payload === null ? undefined : new StoredText(payload)
}
