let last: Promise<unknown> = Promise.resolve()

/**
 * Runs one thing at a time: scenarios of one process share its rejection hook, nock and, some of them, its global
 * timers. They take microseconds; taking turns costs nothing.
 */
export function exclusively<T>(work: () => Promise<T>): Promise<T> {
  const turn = last.then(work)
  last = turn.then(over, over)
  return turn
}

function over(): void {}
