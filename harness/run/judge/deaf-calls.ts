import type { Departure, ObservedCall } from '../../scenario/observation.ts'
import type { Remark } from '../../scenario/verdict.ts'

/**
 * Calls that were under way when the caller left and went on as if it had not. They are not the subject's fault; it pays for them.
 * What a fault has made deaf is the scenario's doing; a health check goes on for whoever asks next, until its own time is over.
 */
export function deafCalls(departure: Departure | null): Remark[] {
  if (departure === null) return []
  const { atMs, open } = departure
  return open
    .filter((call) => {
      const { settledAtMs, deafened } = call
      return (settledAtMs === null || settledAtMs > atMs) && !deafened && !isHealthCheck(call)
    })
    .map(({ point, nth, settledAtMs }) => ({
      code: 'E_DEAF',
      at: ['abort'],
      message: `${point} (call ${nth}) heard no abort: its caller left at ${atMs} ms, and it ${settledAtMs === null ? 'never settled' : `went on until ${settledAtMs} ms`}. Give it the signal, if it takes one.`,
    }))
}

/** Of all that is asked of adapters, only that is no attempt of a token. */
function isHealthCheck({ point, tokenId }: ObservedCall): boolean {
  return tokenId === undefined && point.startsWith('adapter:')
}
