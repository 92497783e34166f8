import type { AuditRecord } from '../../src/index.ts'
import type { ObservedCall, StepVisit } from '../scenario/observation.ts'

type Whose = Pick<StepVisit, 'path' | 'tokenId' | 'visit'>

/** A visit while it is put together. */
interface OpenVisit extends Whose {
  readonly attempts: StepVisit['attempts'][number][]
  readonly calls: ObservedCall[]
  end: StepVisit['end']
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
  readonly #byPath = new Map<string, Map<string, OpenVisit>>()

  of({ path, tokenId, visit }: Whose): OpenVisit {
    let ofPath = this.#byPath.get(path)
    if (ofPath === undefined) this.#byPath.set(path, (ofPath = new Map()))
    const key = `${visit} ${tokenId}`
    let known = ofPath.get(key)
    if (known === undefined) {
      known = { path, tokenId, visit, attempts: [], calls: [], end: undefined }
      ofPath.set(key, known)
      this.all.push(known)
    }
    return known
  }
}

function isOfStep(call: ObservedCall): call is ObservedCall & Whose {
  return call.path !== undefined && call.tokenId !== undefined && call.visit !== undefined
}
