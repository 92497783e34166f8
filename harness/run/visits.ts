import type { AuditRecord } from '../../src/index.ts'
import type { ObservedCall, StepVisit } from '../scenario/observation.ts'

type Whose = Pick<StepVisit, 'path' | 'tokenId' | 'visit'>

/** A visit while it is put together. */
interface OpenVisit extends Whose {
  readonly attempts: StepVisit['attempts'][number][]
  readonly calls: ObservedCall[]
  end: StepVisit['end']
  /** The visit before it to the same path. */
  readonly before: OpenVisit | undefined
}

/**
 * Puts together what belongs together: the attempts, the calls and the end of each visit of a token to a step, in the
 * order of their beginnings. Oracles judge these, so that neither a loop nor a branch mixes up what has one path.
 */
export function visitsOf(
  records: readonly AuditRecord[],
  calls: readonly ObservedCall[],
): readonly StepVisit[] {
  const visits = new Visits()
  for (const call of calls) if (isOfStep(call)) visits.of(call).calls.push(call)
  for (const record of records) {
    if (record.kind === 'attempt') visits.of(record).attempts.push(record)
    else if (record.kind === 'step' && record.node === 'step') visits.of(record).end = record
  }
  return visits.all
}

class Visits {
  readonly all: OpenVisit[] = []
  /** The latest to each path. */
  readonly #latest = new Map<string, OpenVisit>()

  of(whose: Whose): OpenVisit {
    const { path, tokenId, visit } = whose
    const before = this.#latest.get(path)
    let known = before
    while (known !== undefined && (known.tokenId !== tokenId || known.visit !== visit)) known = known.before
    if (known !== undefined) return known
    const added: OpenVisit = { path, tokenId, visit, attempts: [], calls: [], end: undefined, before }
    this.#latest.set(path, added)
    this.all.push(added)
    return added
  }
}

function isOfStep(call: ObservedCall): call is ObservedCall & Whose {
  return call.path !== undefined && call.tokenId !== undefined && call.visit !== undefined
}
