import { attemptsAddUp } from './attempts-add-up.ts'
import { branchesEnd } from './branches-end.ts'
import { breakerEdges } from './breaker-edges.ts'
import { lateLoser } from './late-loser.ts'
import { noAttemptAfterOutcome } from './no-attempt-after-outcome.ts'
import { noFallbackAfterSuccess } from './no-fallback-after-success.ts'
import { noUnhandledRejection } from './no-unhandled-rejection.ts'
import { oneOutcome } from './one-outcome.ts'
import { heedsAbort } from './heeds-abort.ts'
import { noOrphans } from './no-orphans.ts'
import type { Oracle } from './oracle.ts'
import { oneRecord } from './one-record.ts'
import { originalInput } from './original-input.ts'
import { retryDelay } from './retry-delay.ts'
import { retryJudgement } from './retry-judgement.ts'
import { rootCause } from './root-cause.ts'
import { usageAddsUp } from './usage-adds-up.ts'
import { vacuity } from './vacuity.ts'
import { validOutput } from './valid-output.ts'
import { withinPolicy } from './within-policy.ts'

/** All oracles that judge one execution, by number. `same-digest` (19) compares two and is applied by the runner. */
export const oracles: readonly Oracle[] = [
  vacuity,
  oneOutcome,
  noAttemptAfterOutcome,
  noFallbackAfterSuccess,
  originalInput,
  attemptsAddUp,
  withinPolicy,
  retryDelay,
  retryJudgement,
  noOrphans,
  noUnhandledRejection,
  oneRecord,
  validOutput,
  lateLoser,
  breakerEdges,
  rootCause,
  usageAddsUp,
  heedsAbort,
  branchesEnd,
]
