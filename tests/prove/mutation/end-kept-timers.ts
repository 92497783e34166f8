import { afterAll } from 'vitest'
import { keptTimers } from '../../../harness/world/globals/kept-timers.ts'

// All files of tests share one process here. What the subjects of one file keep would beat in every scenario of the files
// after it, so it waits from now on where nothing fires.
afterAll(() => {
  keptTimers.goOnIn({ nowMs: 0, isOver: true, set: () => ({ cancel: () => {} }), unset: () => {} })
})
