import type { AuditRecord } from '../../src/index.ts'

/** Which tokens each token came from; looked up in the records once it is asked for. */
export class Parents {
  readonly #records: readonly AuditRecord[]
  #known: Map<string, readonly string[]> | undefined

  constructor(records: readonly AuditRecord[]) {
    this.#records = records
  }

  of(tokenId: string): readonly string[] {
    if (this.#known === undefined) {
      this.#known = new Map()
      for (const record of this.#records)
        if (record.kind === 'token') this.#known.set(record.tokenId, record.parentIds)
    }
    return this.#known.get(tokenId) ?? []
  }
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
      for (const parent of this.#parents.of(token)) asked.add(parent)
    }
    return undefined
  }
}
