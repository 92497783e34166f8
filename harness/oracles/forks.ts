import type { AuditRecord, TokenRecord } from '../../src/index.ts'

/** Which branch of which fork a token is in. */
export interface InBranch {
  /** The token that began in the branch. */
  readonly part: string
  /** The token that was forked. */
  readonly forkedFrom: string
  readonly branch: string
}

/** Where tokens are among the forks of a run, as far as they are on record. */
export class Forks {
  readonly #tokens = new Map<string, TokenRecord>()

  add(record: AuditRecord): void {
    if (record.kind === 'token') this.#tokens.set(record.tokenId, record)
  }

  /** The branches a token is in, the innermost first. What came out of a join is where the forked token was. */
  of(tokenId: string): readonly InBranch[] {
    const around: InBranch[] = []
    for (let at = this.#begin(tokenId); at !== undefined;) {
      const [forkedFrom] = at.parentIds
      if (forkedFrom === undefined || at.branch === null) break
      around.push({ part: at.tokenId, forkedFrom, branch: at.branch })
      at = this.#begin(forkedFrom)
    }
    return around
  }

  /** The tokens that were joined to this one; none for a token that no join made. */
  joinedTo(tokenId: string): readonly string[] {
    const token = this.#tokens.get(tokenId)
    return token !== undefined && isJoined(token) ? token.parentIds : []
  }

  /** The token in the place of which a token is: itself, unless joins made it. */
  #begin(tokenId: string): TokenRecord | undefined {
    let token = this.#tokens.get(tokenId)
    while (token !== undefined && isJoined(token)) {
      // A part may have come out of a join of its own.
      const part = this.#begin(token.parentIds[0] ?? '')
      token = this.#tokens.get(part?.parentIds[0] ?? '')
    }
    return token
  }
}

function isJoined({ parentIds, branch, item }: TokenRecord): boolean {
  return parentIds.length > 0 && branch === null && item === null
}
