import type { ImpossibleFault } from '../../scenario/observation.ts'
import type { Problem } from '../../scenario/verdict.ts'

/** A fault that waits was scripted for a function whose callers do not. */
export function impossibleProblem({ point, nth, fault }: ImpossibleFault): Problem {
  return {
    code: 'E_SYNC_PORT',
    message:
      `Expected a fault that needs no time at ${point}, which gives no promise, got \`${fault}\` at call ${nth}. ` +
      'Use `reject`, `throw`, `return`, `shape`, `value`, `huge` or `lose(reset)`, without `@ms`; ' +
      'if its callers do await it, say ports.fn(name, fn, { sync: false }).',
    at: ['faults', point],
  }
}
