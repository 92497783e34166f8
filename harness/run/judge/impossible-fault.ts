import { listVerbs } from '../../faults/points/points.ts'
import type { ImpossibleFault } from '../../scenario/observation.ts'
import type { Problem } from '../../scenario/verdict.ts'

/** A fault that waits was scripted for a function whose callers do not. */
export function impossibleProblem({ point, nth, fault }: ImpossibleFault): Problem {
  return {
    code: 'E_SYNC_PORT',
    message:
      `\`${fault}\` cannot act on ${point} (call ${nth}): the function returns no promise, so nothing can wait. ` +
      `Use ${faultsAtOnce()}, without \`@ms\`; if its callers do await it, say ports.fn(name, fn, { sync: false }).`,
    at: ['faults', point],
  }
}

/** Every fault that needs no time, as a list for people. */
function faultsAtOnce(): string {
  const usages = listVerbs('fn').flatMap(({ name, atOnce, atOnceUsage = name }) =>
    // No fault is no advice.
    atOnce === undefined || name === 'off' ? [] : [`\`${atOnceUsage}\``],
  )
  return `${usages.slice(0, -1).join(', ')} or ${usages.at(-1)}`
}
