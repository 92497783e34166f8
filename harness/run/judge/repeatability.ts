import { sameDigest } from '../../oracles/same-digest.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { timersOf } from '../../scenario/timers-of.ts'
import type { Problem, Remark } from '../../scenario/verdict.ts'

/** What two executions with one seed say of a scenario. */
export interface Repeatability {
  readonly problems: readonly Problem[]
  readonly remarks: readonly Remark[]
}

/**
 * Compares the traces of two executions. A pipeline of ours lives in the scenario's world alone, so a difference is a
 * problem (oracle 19). A function may keep a cache or draw its own jitter and be right: there it is a remark, unless the
 * scenario says `repeatable: true`.
 */
export function repeatabilityOf(
  { spec, subject }: Pick<Scenario, 'spec' | 'subject'>,
  first: string,
  second: string,
): Repeatability {
  const problems = sameDigest.check(first, second)
  const asked = spec.repeatable ?? subject.kind === 'pipeline'
  if (problems.length === 0 || asked) return { problems, remarks: [] }
  const random =
    timersOf({ spec, subject }) === 'ports'
      ? 'randomness that is not `ports.random`, '
      : 'randomness that is not seeded, '
  const message =
    'A second execution with the same seed left another trace, so a failure of this scenario may not come again. ' +
    `The likely cause is state that is kept in the module (a cache, a counter), ${random}or real time. ` +
    'Say `repeatable: true` where that must not be.'
  return { problems: [], remarks: [{ code: 'E_NOT_REPEATABLE', message }] }
}
