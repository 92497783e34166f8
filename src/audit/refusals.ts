import { AuditError } from '../base/errors.ts'
import type { Status } from '../base/result.ts'
import type { AuditRecord, Outcome } from './records.ts'

/**
 * Why a store refuses a record: it contradicts what the run already said, so one of the two is a lie. Both stores
 * refuse the same things in the same words. A refused run accepts no further records, because its trail would have
 * a hole; every other run goes on.
 */
function refused(message: string, cause?: unknown): AuditError {
  return new AuditError('E_AUDIT_REFUSED', message, {
    hint: 'Nothing of this record was stored, and the run accepts no more. This is a defect of whatever wrote it.',
    ...(cause === undefined ? {} : { cause }),
  })
}

export function secondOutcome(runId: string, tokenId: string, first: Outcome, second: Outcome): AuditError {
  return refused(
    `Expected token '${tokenId}' of run '${runId}' to keep its one outcome '${first}', got a second one, '${second}'.`,
  )
}

export function unknownToken(runId: string, tokenId: string, outcome: Outcome): AuditError {
  return refused(
    `Expected token '${tokenId}' of run '${runId}' to exist before its outcome '${outcome}', got no such token.`,
  )
}

export function tokenTwice(runId: string, tokenId: string): AuditError {
  return refused(`Expected token '${tokenId}' of run '${runId}' to be created once, got it a second time.`)
}

export function joinTwice(runId: string, joinGroup: string): AuditError {
  return refused(`Expected join '${joinGroup}' of run '${runId}' to be resolved once, got it a second time.`)
}

const RUN_ID_TAKEN = 'E_AUDIT_RUN_ID_TAKEN'

/** Refuses the second run alone: the first one goes on. */
export function startedTwice(runId: string): AuditError {
  return new AuditError(RUN_ID_TAKEN, `Expected run ids to be unique, got a second run '${runId}'.`, {
    hint: 'Nothing of the second run was stored. Give each run an id of its own, or leave it out to get one.',
  })
}

export function isStartedTwice(error: AuditError): boolean {
  return error.code === RUN_ID_TAKEN
}

export function finishedTwice(runId: string, status: Status): AuditError {
  return refused(`Expected run '${runId}' to finish once, got a second end, '${status}'.`)
}

export function unknownRun(runId: string, kind: AuditRecord['kind']): AuditError {
  return refused(`Expected run '${runId}' to be started before its '${kind}' record, got no such run.`)
}

export function writtenElsewhere(runId: string, cause: unknown): AuditError {
  return refused(
    `Expected one process to write run '${runId}', got records of a second one in its place.`,
    cause,
  )
}

export function carriedOnElsewhere(runId: string): AuditError {
  return new AuditError(
    'E_AUDIT_LEASE_LOST',
    `Expected to be the only one at work on run '${runId}', but its lease ran out and another process carries it on.`,
    {
      hint: 'Nothing of it is stored from here on. A process renews its leases every ten seconds; a worker thread, or a process in another container or on another machine, that computes for half a minute without a break looks dead.',
    },
  )
}

export function unstorable(runId: string, kind: AuditRecord['kind'], cause: unknown): AuditError {
  const words = cause instanceof Error ? cause.message : String(cause)
  return refused(`Expected a storable '${kind}' record of run '${runId}', got: ${words}.`, cause)
}

/** Not a contradiction: the run itself may be sound, but the store writes down nothing that comes after the end. */
export function afterClose({ kind, runId }: AuditRecord): AuditError {
  return new AuditError(
    'E_AUDIT_CLOSED',
    `Expected the audit trail to be open, but it was closed before the '${kind}' record of run '${runId}'.`,
    { hint: 'Close the audit trail after the last run has ended.' },
  )
}
