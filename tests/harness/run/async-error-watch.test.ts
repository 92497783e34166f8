import { expect, test } from 'vitest'
import { AsyncErrorWatch } from '../../../harness/run/async-error-watch.ts'

const EVENTS = ['unhandledRejection', 'uncaughtException'] as const

test('the listeners of others are put aside while it watches, and back as they were, once-listeners included', () => {
  const once = (): void => {}
  process.once('unhandledRejection', once)
  try {
    const before = EVENTS.map((event) => process.rawListeners(event))
    const watch = new AsyncErrorWatch()
    expect(EVENTS.map((event) => process.listenerCount(event))).toEqual([1, 1])
    watch.stop()
    expect(EVENTS.map((event) => process.rawListeners(event))).toEqual(before)
    expect(process.rawListeners('unhandledRejection').at(-1)).not.toBe(once)
  } finally {
    process.removeListener('unhandledRejection', once)
  }
})
