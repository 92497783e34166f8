import type { RunTrail } from './store.ts'

/**
 * An approval that was asked for and not given.
 *
 * @example
 * const questions = waitingApprovals(trail).map(({ path, message }) => `${path}: ${message}`)
 */
export interface WaitingApproval {
  readonly tokenId: string
  readonly path: string
  readonly visit: number
  readonly message: string
  /** Since when, in milliseconds since the run started. */
  readonly atMs: number
}

/**
 * What a run waits for, in the order it was asked for: what it has paused at and not gone on from.
 *
 * @example
 * const trail = engine.audit?.trail('nightly-7')
 * for (const { path, message } of trail ? waitingApprovals(trail) : []) console.log(path, message)
 */
export function waitingApprovals(trail: RunTrail): readonly WaitingApproval[] {
  const ended = new Set(trail.stepRows.map(keyOf))
  const waiting = new Map<string, WaitingApproval>()
  for (const row of trail.eventRows) {
    const key = keyOf(row)
    if (row.event !== 'paused' || ended.has(key) || waiting.has(key)) continue
    const { tokenId, path, visit, atMs, detail } = row
    const { message } = detail
    waiting.set(key, { tokenId, path, visit, atMs, message: typeof message === 'string' ? message : '' })
  }
  return [...waiting.values()]
}

function keyOf({ tokenId, path, visit }: Pick<WaitingApproval, 'tokenId' | 'path' | 'visit'>): string {
  return JSON.stringify([tokenId, path, visit])
}
