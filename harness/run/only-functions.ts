import type { Scenario } from '../scenario/scenario.ts'
import type { Problem } from '../scenario/verdict.ts'

const OF_FUNCTIONS = ['callers', 'phases', 'crash'] as const

/** What is wrong with a scenario that asks of its subject what only a function can do; `undefined` for all others. */
export function notForSubject({ spec, subject }: Scenario): Problem | undefined {
  const key = OF_FUNCTIONS.find((each) => spec[each] !== undefined)
  if (key === undefined) return undefined
  if (subject.kind === 'pipeline')
    return {
      code: 'E_SUBJECT',
      message: `Expected the subject to be a function, because the scenario has \`${key}\`; got a pipeline. Run it in a function: \`(input, ports) => createEngine({ world: ports.world }).run(pipeline, input)\`.`,
      at: [key],
    }
  if (spec.crash === undefined || subject.restart !== undefined) return undefined
  return {
    code: 'E_SUBJECT',
    message:
      'Expected the subject to be one that can be had afresh, because the scenario has `crash`; got a function alone. Say how: `.crash(moment, restart)`, or name it in a scenario file.',
    at: ['crash'],
  }
}
