import type { Entry } from '../entry.ts'
import type { AttemptRecord, StepRecord } from '../records.ts'

/**
 * The step's end that follows its attempt, when the attempt already says everything about it but the time: a plain
 * step that completed at its first attempt, without metadata. Nearly all steps do, and a row of its own for each
 * would cost a commit a third more.
 */
export function endInSameRow(
  attempt: AttemptRecord,
  { record: end, got: metadata }: Entry,
): StepRecord | null {
  const same =
    end.kind === 'step' &&
    end.node === 'step' &&
    end.status === 'completed' &&
    attempt.status === 'completed' &&
    end.attempts === 1 &&
    attempt.attempt === 1 &&
    end.feedback === null &&
    metadata === null &&
    end.tokenId === attempt.tokenId &&
    end.path === attempt.path &&
    end.step === attempt.step &&
    end.usage.costUsd === attempt.usage.costUsd &&
    end.usage.tokens === attempt.usage.tokens
  return same ? end : null
}
