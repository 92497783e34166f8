import type { Observation } from '../../scenario/observation.ts'
import type { Remark } from '../../scenario/verdict.ts'

/** Listeners of the subject's own code that stay on its caller's signal after the answer. */
export function listenersLeftRemark({ scenario, listenersLeft, plan }: Observation): Remark | undefined {
  if (plan !== undefined || listenersLeft === 0 || scenario.spec.background === true) return undefined
  const them = listenersLeft === 1 ? 'A listener' : `${listenersLeft} listeners`
  return {
    code: 'E_LISTENER_LEFT',
    message:
      `${them} on \`ports.signal\` stayed there after the subject had settled. On a signal that lives long, as a server's does, ` +
      'each call leaves more. Take it off when the work is over, or put it on with a `signal` of its own that ends it.',
  }
}
