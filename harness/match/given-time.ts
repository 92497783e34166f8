/** How often a machine that is too busy for work with a time limit may try again. */
export const TRIES_MAX = 10

/**
 * What `work` gives, which a limit of `node:vm` interrupts; `timed-out` when it had its time and was not done. The limit
 * is a clock on the wall: on a busy machine it can pass before the work has had any time, so then it is done again.
 *
 * @param cpuUs reads the processor time of this process, in microseconds
 * @param leastUs with this much of it, the work has had its time
 * @throws what the work throws by itself
 */
export function givenTime<T>(work: () => T, cpuUs: () => number, leastUs: number): T | 'timed-out' {
  for (let tries = 1; tries <= TRIES_MAX; tries++) {
    const beforeUs = cpuUs()
    try {
      return work()
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
      if (cpuUs() - beforeUs >= leastUs) break
    }
  }
  return 'timed-out'
}
