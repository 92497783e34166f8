import { hash } from 'node:crypto'
import type { AuditRecord, JoinRecord, TokenRecord } from '../../../src/index.ts'

/**
 * Names of tokens by where they come from: their ids count up as they are made, and which of two branches makes its next
 * first may be for real work to say.
 */
export class TokenNames {
  readonly #names = new Map<string, string>()
  /** How many tokens have come from the same place: a loop forks again and again. */
  readonly #counts = new Map<string, number>()

  /** @returns the id itself for a token that is on no record */
  of(tokenId: string): string {
    return this.#names.get(tokenId) ?? tokenId
  }

  /** The record with the names of its tokens. Records are given in the order they were written. */
  inRecord(record: AuditRecord): AuditRecord {
    switch (record.kind) {
      case 'run-started':
      case 'run-finished':
        return record
      case 'token':
        return { ...record, tokenId: this.#name(record), parentIds: this.#all(record.parentIds) }
      case 'join':
        return this.#inJoin(record)
      case 'outcome': {
        const { joinGroup } = record
        return {
          ...record,
          tokenId: this.of(record.tokenId),
          joinGroup: joinGroup && this.#inGroup(joinGroup),
        }
      }
      case 'attempt-start':
      case 'attempt':
      case 'step':
      case 'event':
        return { ...record, tokenId: this.of(record.tokenId) }
    }
  }

  #name({ tokenId, parentIds, branch, item }: TokenRecord): string {
    const place = `${this.#all(parentIds).join('+')} ${branch} ${item}`
    const count = (this.#counts.get(place) ?? 0) + 1
    this.#counts.set(place, count)
    // Hashed, or a name would hold those of all that was before it.
    const name = hash('sha256', `${place} ${count}`)
    this.#names.set(tokenId, name)
    return name
  }

  #inJoin(record: JoinRecord): JoinRecord {
    const { tokenId, joinGroup } = record
    return {
      ...record,
      tokenId: tokenId === null ? null : this.of(tokenId),
      joinGroup: this.#inGroup(joinGroup),
      arrived: record.arrived
        .map((arrival) => ({ ...arrival, tokenId: this.of(arrival.tokenId) }))
        .toSorted((a, b) => a.atMs - b.atMs || compare(a.branch, b.branch)),
      lost: record.lost.toSorted((a, b) => compare(a.branch, b.branch)),
    }
  }

  #all(tokenIds: readonly string[]): string[] {
    return tokenIds.map((tokenId) => this.of(tokenId)).toSorted()
  }

  /** A meeting is called after the token it was forked from. */
  #inGroup(joinGroup: string): string {
    const end = joinGroup.indexOf(' ')
    return end === -1 ? joinGroup : this.of(joinGroup.slice(0, end)) + joinGroup.slice(end)
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
