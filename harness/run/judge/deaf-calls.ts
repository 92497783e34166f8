import type { Departure } from '../../scenario/observation.ts'
import type { Remark } from '../../scenario/verdict.ts'

/** Calls that were under way when the caller left and went on as if it had not. They are not the subject's fault; it pays for them. */
export function deafCalls(departure: Departure | null): Remark[] {
  if (departure === null) return []
  const { atMs, open } = departure
  return open
    .filter(({ settledAtMs }) => settledAtMs === null || settledAtMs > atMs)
    .map(({ point, nth, settledAtMs }) => ({
      code: 'E_DEAF',
      at: ['abort'],
      message: `${point} (call ${nth}) heard no abort: its caller left at ${atMs} ms, and it ${settledAtMs === null ? 'never settled' : `went on until ${settledAtMs} ms`}. Give it the signal, if it takes one.`,
    }))
}
