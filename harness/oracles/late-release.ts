import type { ObservedCall } from '../scenario/observation.ts'

/** What the name of a function says that gives back, or undoes, what another has made. */
const RELEASES: ReadonlySet<string> = new Set([
  'abort',
  'cancel',
  'cleanup',
  'close',
  'compensate',
  'destroy',
  'disconnect',
  'dispose',
  'end',
  'free',
  'hangup',
  'logout',
  'quit',
  'release',
  'revert',
  'revoke',
  'rollback',
  'shutdown',
  'terminate',
  'undo',
  'unlock',
  'unsubscribe',
])

/** `db.closeConnection` is of the words db, close and connection; `rollBack` and `roll_back` are `rollback`, too. */
const WORD = /[A-Z]?[a-z]+|[A-Z]+(?![a-z])/gu

/**
 * The calls of a time in which nobody waited for the subject, but for those that give back what came too late: a connection
 * that is there after the timeout has to be closed, and its late arrival is the first moment to do so. Such a call begins at
 * the moment at which one settles that was under way when the subject settled, or at the end of another release.
 *
 * @param from the first call of that time, by its place in the list
 * @param to the first call after it
 */
export function orphansAmong(
  calls: readonly ObservedCall[],
  from: number,
  to: number,
): readonly ObservedCall[] {
  if (to <= from) return []
  const mayBeAnswered = calls.slice(0, from).filter((call) => call.callsBeforeSettled >= from)
  return calls.slice(from, to).filter((call, index) => {
    const isAnswer = (earlier: ObservedCall): boolean =>
      earlier.settledAtMs === call.atMs && earlier.callsBeforeSettled <= from + index
    if (!isRelease(call) || !mayBeAnswered.some(isAnswer)) return true
    mayBeAnswered.push(call)
    return false
  })
}

function isRelease({ point }: ObservedCall): boolean {
  const words = (point.startsWith('fn:') ? (point.match(WORD) ?? []) : []).map((word) => word.toLowerCase())
  return words.some((word, index) => RELEASES.has(word) || RELEASES.has(word + (words[index + 1] ?? '')))
}
