import type { AuditRecord } from '../../src/index.ts'

/** Which tokens each token came from. */
export type Parents = ReadonlyMap<string, readonly string[]>

export function parentsIn(records: readonly AuditRecord[]): Parents {
  const parents = new Map<string, readonly string[]>()
  for (const record of records) if (record.kind === 'token') parents.set(record.tokenId, record.parentIds)
  return parents
}

/**
 * What was noted last on the way of a token. A fork makes new tokens of one, and a join a new one of many: what was
 * noted before either still counts after it, and what one branch noted is nothing to the branch beside it.
 */
export class Lineage<T> {
  readonly #parents: Parents
  readonly #notes = new Map<string, T>()

  constructor(parents: Parents) {
    this.#parents = parents
  }

  note(tokenId: string, what: T): void {
    this.#notes.set(tokenId, what)
  }

  /** The note of the token itself, or else of the nearest of those it came from. */
  latest(tokenId: string): T | undefined {
    if (this.#notes.size === 0) return undefined
    const own = this.#notes.get(tokenId)
    if (own !== undefined) return own
    // In the order of distance; a set goes on over what is added to it, and takes each token once.
    const asked = new Set([tokenId])
    for (const token of asked) {
      const note = this.#notes.get(token)
      if (note !== undefined) return note
      for (const parent of this.#parents.get(token) ?? []) asked.add(parent)
    }
    return undefined
  }
}
