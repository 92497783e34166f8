let last: Promise<void> = Promise.resolve()

/**
 * Runs one thing at a time: scenarios of one process share its rejection hook, nock and, some of them, its global
 * timers. They take microseconds; taking turns costs nothing.
 */
export async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  const before = last
  const turn = Promise.withResolvers<void>()
  last = turn.promise
  await before
  try {
    return await work()
  } finally {
    turn.resolve()
  }
}
