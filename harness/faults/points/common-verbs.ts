import { type Act, numberArg, type Verb } from './verb.ts'
import { waitThen } from '../effects/waiting.ts'

/** Verbs every boundary has, as the builder offers them. */
export interface CommonVerbs<Next> {
  /** The real thing runs. */
  off(): Next
  /** Waits `ms` virtual milliseconds, then runs the real thing; an abort ends the wait with the signal's reason. */
  delay(ms: number): Next
}

function runReal(): Act {
  return (_call, real) => real()
}

export const commonVerbs: Readonly<Record<keyof CommonVerbs<unknown>, Verb>> = {
  off: {
    name: 'off',
    params: [],
    options: [],
    summary: 'no fault: the real thing runs',
    example: '2*delay(100) -> off',
    ignoresAbort: false,
    atOnce: runReal,
    bind: runReal,
  },
  delay: {
    name: 'delay',
    params: [{ name: 'ms', type: { kind: 'duration' }, required: true }],
    options: [],
    summary: 'waits, then the real thing runs; an abort ends the wait',
    example: 'delay(200)',
    ignoresAbort: false,
    bind: (step) => {
      const delayMs = numberArg(step, 0)
      return (call, real, world) => waitThen(call, world, delayMs, real)
    },
  },
}
