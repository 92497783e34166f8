import type { AuditRecord, NodeKind } from '../../src/index.ts'
import type { ObservedCall, StepVisit } from '../scenario/observation.ts'

/** The kinds of node that call something, in attempts. */
const CALLED: ReadonlySet<string> = new Set<NodeKind>(['step', 'adapter'])

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
    else if (record.kind === 'step' && CALLED.has(record.node)) visits.of(record).end = record
  }
  return visits.all
}

class Visits {
  readonly all: OpenVisit[] = []
  /** The visits to a path; by their keys only where there are several, which takes a fork or a loop. */
  readonly #byPath = new Map<string, OpenVisit | Map<string, OpenVisit>>()
  /** Whose was asked for last: attempts and calls of one visit mostly come one after the other. */
  #last: OpenVisit | undefined

  of(whose: Whose): OpenVisit {
    if (this.#last === undefined || !isSame(this.#last, whose)) this.#last = this.#find(whose)
    return this.#last
  }

  #find(whose: Whose): OpenVisit {
    const { path } = whose
    const ofPath = this.#byPath.get(path)
    if (ofPath === undefined) {
      const first = this.#open(whose)
      this.#byPath.set(path, first)
      return first
    }
    if (!(ofPath instanceof Map)) {
      if (isSame(ofPath, whose)) return ofPath
      const second = this.#open(whose)
      this.#byPath.set(path, new Map([ofPath, second].map((each) => [keyOf(each), each])))
      return second
    }
    const key = keyOf(whose)
    let known = ofPath.get(key)
    if (known === undefined) ofPath.set(key, (known = this.#open(whose)))
    return known
  }

  #open({ path, tokenId, visit }: Whose): OpenVisit {
    const opened = { path, tokenId, visit, attempts: [], calls: [], end: undefined }
    this.all.push(opened)
    return opened
  }
}

function isSame(a: Whose, b: Whose): boolean {
  return a.path === b.path && a.tokenId === b.tokenId && a.visit === b.visit
}

function keyOf({ tokenId, visit }: Whose): string {
  return `${visit} ${tokenId}`
}

function isOfStep(call: ObservedCall): call is ObservedCall & Whose {
  return call.path !== undefined && call.tokenId !== undefined && call.visit !== undefined
}
