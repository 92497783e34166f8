import { sameDigest } from '../../oracles/same-digest.ts'
import type { Digests } from './digest.ts'
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
 * problem (oracle 19), unless real work was awaited in several places at once: which ends first is nobody's bug. A function
 * may keep a cache or draw its own jitter and be right: there it is a remark. Where the scenario says `repeatable: true`, it
 * is a problem of either.
 */
export function repeatabilityOf(
  { spec, subject }: Pick<Scenario, 'spec' | 'subject'>,
  first: Digests,
  second: Digests,
): Repeatability {
  const realWork = first.realWork || second.realWork
  const problems =
    first.exact !== second.exact && realWork
      ? sameDigest.check(first.apart(), second.apart())
      : sameDigest.check(first.exact, second.exact)
  const raced = realWork && (first.atOnce || second.atOnce)
  const asked = spec.repeatable ?? (subject.kind === 'pipeline' && !raced)
  if (problems.length === 0 || asked) return { problems, remarks: [] }
  const message = `A second execution with the same seed left another trace, so a failure of this scenario may not come again. ${
    raced ? RACE : likelyCause(timersOf({ spec, subject }) === 'ports')
  }`
  return { problems: [], remarks: [{ code: 'E_NOT_REPEATABLE', message }] }
}

const RACE =
  'Real work was under way in several places at once, and which of it ends first is for the machine to say: give those calls ' +
  'answers of their own (a fault `return(…)`), or say `repeatable: false` if any order will do. ' +
  'Say `repeatable: true` where that must not be.'

function likelyCause(hasPorts: boolean): string {
  const random = hasPorts ? 'randomness that is not `ports.random`, ' : 'randomness that is not seeded, '
  return (
    `The likely cause is state that is kept in the module (a cache, a counter), ${random}or real time. ` +
    'Say `repeatable: true` where that must not be.'
  )
}
