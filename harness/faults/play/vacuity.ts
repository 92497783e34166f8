import type { FaultStep } from '../grammar/program.ts'
import type { StepCount } from './script.ts'

/**
 * A step of a script that was not played as written: whatever its scenario seems to prove, it proves about other
 * circumstances than the ones it states.
 *
 * Every step must act at least once. A step `N*` with another step after it must also be given its N calls: a script
 * of three failures that saw two, because the retries gave out, is not the script that was written, and the steps after
 * it were never tried. Write the number that really happens; it says more.
 *
 * Exempt are
 * - `off` without a wait: running the real thing is not a fault, and `3*reject -> off` may well say "and so on";
 * - the count of the last step: it repeats anyway, so its N promises nothing (`3*reject` is `inf*reject`);
 * - the count of calls a `%` step *drew*: chance decides that. It must have drawn one, and have been given its N calls.
 */
export interface UnfiredFault {
  /** The pattern it was declared under, e.g. `step:draft`. */
  readonly pattern: string
  /** Which step of the program, from 0. */
  readonly index: number
  readonly step: FaultStep
  /** The step, printed. */
  readonly text: string
  /**
   * No call came to it; calls came but none was drawn; fewer calls came than it was written for; nobody waited for what
   * became of those it acted on; they gave no answer, and it acts on answers; a timer made them that an earlier scenario left.
   */
  readonly reason: 'never-called' | 'never-drawn' | 'cut-short' | 'unheard' | 'unanswered' | 'left-over'
  /** Calls that came to it. */
  readonly calls: number
}

/** Adds the steps that were not played as written; after nearly every run there are none. */
export function addUnfired(unfired: UnfiredFault[], counts: readonly StepCount[]): void {
  for (const count of counts) {
    const reason = count.passes ? undefined : reasonOf(count)
    if (reason === undefined) continue
    const { pattern, index, step, text } = count.action
    unfired.push({ pattern, index, step, text, reason, calls: count.calls })
  }
}

/** One sentence for people, e.g. ``Fault `3*reject` at `step:draft` was to act on 3 calls, but only 2 came.`` */
export function describeUnfired(fault: UnfiredFault): string {
  const subject = `Fault \`${fault.text}\` at \`${fault.pattern}\``
  switch (fault.reason) {
    case 'never-called':
      return `${subject} never fired: no call came to it.`
    case 'never-drawn':
      return `${subject} never fired: of ${fault.calls} call${fault.calls === 1 ? '' : 's'}, chance drew none.`
    case 'unheard':
      return `${subject} acted on ${fault.calls} call${fault.calls === 1 ? '' : 's'}, but nobody waited for what became of ${fault.calls === 1 ? 'it' : 'them'}, so it had no effect.`
    case 'unanswered':
      return `${subject} acted on ${fault.calls} call${fault.calls === 1 ? '' : 's'}, but the real thing gave no answer by itself, so it had no effect.`
    case 'left-over':
      return `${subject} acted on ${fault.calls} call${fault.calls === 1 ? '' : 's'}, but ${fault.calls === 1 ? 'a timer made it' : 'timers made them'} that an earlier scenario has left, and not the subject.`
    case 'cut-short':
      return `${subject} was to take ${fault.step.times} calls, but only ${fault.calls} came.`
  }
}

function reasonOf({ action, calls, fired, last }: StepCount): UnfiredFault['reason'] | undefined {
  if (calls === 0) return 'never-called'
  if (fired === 0) return 'never-drawn'
  return !last && calls < action.step.times ? 'cut-short' : undefined
}
