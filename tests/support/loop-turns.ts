import { performance } from 'node:perf_hooks'

/**
 * How many turns the event loop takes for this. Where real work holds virtual time, it is looked at every few milliseconds,
 * which are hundreds; where none does, it is a few for each jump, however slow the machine.
 */
export async function loopTurns<T>(
  work: () => Promise<T>,
): Promise<{ readonly value: T; readonly turns: number }> {
  const before = performance.nodeTiming.uvMetricsInfo.loopCount
  const value = await work()
  return { value, turns: performance.nodeTiming.uvMetricsInfo.loopCount - before }
}
