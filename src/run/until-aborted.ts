import type { AbortSignalled } from '../base/control.ts'
import type { Clock } from '../world/world.ts'

/** A scope, as far as whoever waits in it knows it. */
export interface Interruptible {
  /** True when something can abort it. */
  readonly abortable: boolean
  onAbort(hook: (signalled: AbortSignalled) => void): void
  offAbort(hook: (signalled: AbortSignalled) => void): void
  /** What was waited for is still going on, and nobody waits for it any longer. */
  functionLeftRunning(): void
  functionSettled(): void
}

/** What came of a wait: what was waited for, the abort that ended it, or the end of its time. */
export type Waited<T> =
  | { readonly kind: 'came'; readonly value: T }
  | { readonly kind: 'aborted'; readonly stop: AbortSignalled }
  | { readonly kind: 'late' }

/** How long something is waited for at most. */
export interface TimeLimit {
  readonly clock: Clock
  readonly ms: number
  /** What the timer is for. */
  readonly point: string
}

/**
 * Waits for the user's own code, no longer than until the scope is aborted. What comes of it later changes nothing, and
 * whoever waits for the scope to settle waits for it. Rejects with what was waited for, if that is first.
 */
export function untilAborted<T>(
  scope: Interruptible,
  asked: Promise<T>,
): Promise<Exclude<Waited<T>, { kind: 'late' }>>
export function untilAborted<T>(
  scope: Interruptible,
  asked: Promise<T>,
  limit: TimeLimit | undefined,
): Promise<Waited<T>>
export function untilAborted<T>(
  scope: Interruptible,
  asked: Promise<T>,
  limit?: TimeLimit,
): Promise<Waited<T>> {
  return new Promise((resolve, reject) => {
    let waiting = true
    const over = (): boolean => {
      if (!waiting) {
        scope.functionSettled()
        return true
      }
      waiting = false
      scope.offAbort(aborted)
      timer?.cancel()
      return false
    }
    const giveUp = (waited: Waited<T>): void => {
      over()
      scope.functionLeftRunning()
      resolve(waited)
    }
    const aborted = (stop: AbortSignalled): void => giveUp({ kind: 'aborted', stop })
    const timer = limit?.clock.after(limit.ms, limit.point, () => giveUp({ kind: 'late' }))
    if (scope.abortable) scope.onAbort(aborted)
    asked.then(
      (value) => {
        if (!over()) resolve({ kind: 'came', value })
      },
      (thrown: unknown) => {
        if (!over()) reject(thrown)
      },
    )
  })
}
