import type { Breaker } from '../../policy/breaker.ts'
import type { Scope } from '../scope.ts'

/** Why no attempt can be made at an adapter whose breaker is not closed. */
export function breakerReason(untilMs: number | undefined, nowMs: number): string {
  return untilMs === undefined
    ? 'its circuit breaker waits for a probe'
    : `its circuit breaker is open for ${Math.ceil(untilMs - nowMs)} ms more`
}

/** Waits in the world's time; ends at once when the scope is aborted, or when others open the breaker. */
export function sleepUnlessOpened(
  scope: Scope,
  ms: number,
  point: string,
  breaker: Breaker | undefined,
): Promise<void> {
  if (breaker === undefined || scope.aborted !== undefined) return scope.sleep(ms, point)
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel()
      forget()
      scope.offAbort(end)
      resolve()
    }
    const timer = scope.run.world.clock.after(ms, point, end)
    const forget = breaker.onOpen(end)
    if (scope.abortable) scope.onAbort(end)
  })
}
