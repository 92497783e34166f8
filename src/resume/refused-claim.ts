import type { Claim } from '../audit/durable-store.ts'
import type { AuditStore } from '../audit/store.ts'
import { didYouMean } from '../base/nearest.ts'
import { ResumeError } from './resume-error.ts'

/** What became of an attempt to take a run that did not succeed. */
export type Refused = Exclude<Claim, { kind: 'claimed' }>

/** Why a run is not carried on, in words: another one was faster, it has ended, or it never could be. */
export function unclaimed(runId: string, from: string, claim: Refused): ResumeError {
  switch (claim.kind) {
    case 'unknown':
      return unknown(runId)
    case 'alive':
      return new ResumeError(
        'E_RUN_ALIVE',
        `Expected nobody to be at work on run '${runId}', but ${claim.by} is.`,
        'Nothing was changed. If that process is dead on another machine, its lease runs out within 30 seconds.',
      )
    case 'status':
      return from === 'paused'
        ? notPaused(runId, claim.status)
        : new ResumeError(
            claim.status === 'paused' ? 'E_PAUSED' : 'E_RUN_ENDED',
            `Expected run '${runId}' to be unfinished, but it is ${claim.status} by now.`,
          )
    case 'not-durable':
      return notDurable(runId)
  }
}

/** Runs whose ids are looked through for the one that is meant: the latest. */
const LOOKED_AT = 1_000

/** @param store where it was looked for; its file is named where it has one */
export function unknown(runId: string, store?: AuditStore): ResumeError {
  const file = (store as { readonly file?: unknown } | undefined)?.file
  const where = typeof file === 'string' ? `the audit file ${file}` : 'the audit trail'
  const ids = store?.runs({ limit: LOOKED_AT }).map((run) => run.runId) ?? []
  return new ResumeError(
    'E_RUN_UNKNOWN',
    `Expected the id of a run in ${where}, got '${runId}'.${didYouMean(runId, ids)}`,
  )
}

export function notPaused(runId: string, status: string): ResumeError {
  return new ResumeError(
    'E_NOT_PAUSED',
    `Expected run '${runId}' to be paused, but it is ${status}.`,
    status === 'running' ? 'If its process is dead, engine.recover() carries it on.' : undefined,
  )
}

export function notDurable(runId: string): ResumeError {
  return new ResumeError(
    'E_NOT_DURABLE',
    `Expected run '${runId}' to have checkpoints, got none: it is not durable.`,
    'Run it with { durable: true } the next time.',
  )
}
