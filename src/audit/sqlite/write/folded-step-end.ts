import type { StepRecord } from '../../records.ts'
import type { Pending } from './group.ts'

/**
 * The step's end that follows its attempt, when the attempt already says everything about it but the time: a plain
 * step that completed at its first attempt, without metadata. Nearly all steps do, and a row of its own for each
 * would cost a commit a third more.
 */
export function foldedStepEnd(first: Pending, second: Pending): StepRecord | null {
  const attempt = first.record
  const end = second.record
  const same =
    first.cursor === second.cursor &&
    attempt.kind === 'attempt' &&
    end.kind === 'step' &&
    end.node === 'step' &&
    end.status === 'completed' &&
    attempt.status === 'completed' &&
    end.attempts === 1 &&
    attempt.attempt === 1 &&
    end.feedback === null &&
    second.snapshots[0] === null &&
    end.tokenId === attempt.tokenId &&
    end.path === attempt.path &&
    end.visit === attempt.visit &&
    end.step === attempt.step &&
    end.usage.costUsd === attempt.usage.costUsd &&
    end.usage.tokens === attempt.usage.tokens
  return same ? end : null
}
