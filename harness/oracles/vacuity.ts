import { kindOf } from '../faults/points/points.ts'
import { describeUnfired, type UnfiredFault } from '../faults/play/vacuity.ts'
import type { Observation } from '../scenario/observation.ts'
import type { AbortMoment } from '../scenario/spec.ts'
import type { Problem } from '../scenario/verdict.ts'
import { list } from './list-calls.ts'
import type { Oracle } from './oracle.ts'

/** 1: every scripted fault fired, and the executor really ran. */
export const vacuity: Oracle = {
  number: 1,
  name: 'vacuity',
  judges: 'any',
  check(observation) {
    const stayed = [...callersStayed(observation), ...survived(observation)]
    if (stayed.length === 0 && observation.faultsUnfired.length === 0 && executorRan(observation)) return []
    const reached = reachedPoints(observation)
    const problems = observation.faultsUnfired.map((fault) => {
      const sentences = [
        describeUnfired(fault),
        reached,
        ...clientAdvice(observation, fault),
        ...promiseAdvice(fault),
      ]
      return vacuous(joined(sentences), ['faults', fault.pattern])
    })
    problems.push(...stayed)
    if (problems.length === 0) {
      problems.push(
        vacuous(
          joined(['The executor never reached a boundary point, so the scenario proves nothing.', reached]),
          ['subject'],
        ),
      )
    }
    return problems
  },
}

function vacuous(message: string, at: readonly string[]): Problem {
  return { code: 'E_VACUOUS', oracle: vacuity.name, message, at }
}

/** Every caller that was to leave and did not. */
function callersStayed({ scenario, callers, departure, end, virtualMs }: Observation): readonly Problem[] {
  if (end.kind !== 'settled') return []
  const { abort } = scenario.spec
  const all = abort === undefined ? callers : [{ abort, departure, settledAtMs: virtualMs, path: [] }]
  return all.flatMap((caller) =>
    caller.abort === undefined || caller.departure !== null
      ? []
      : [
          vacuous(
            `The caller was to leave ${momentOf(caller.abort)}, but the subject had settled at ${caller.settledAtMs} ms and that never came.`,
            [...caller.path, 'abort'],
          ),
        ],
  )
}

/** A crash that never came. */
function survived({ scenario, crashed, end, virtualMs }: Observation): readonly Problem[] {
  const { crash } = scenario.spec
  if (crash === undefined || crashed || end.kind !== 'settled') return []
  return [
    vacuous(
      `The process was to crash ${momentOf(crash)}, but the subject had settled at ${virtualMs} ms and that never came.`,
      ['crash'],
    ),
  ]
}

function momentOf(moment: AbortMoment): string {
  if (typeof moment === 'number') return `after ${moment} ms`
  return 'at' in moment ? `at \`${moment.at}\`` : 'during a back-off'
}

function executorRan({ calls, result }: Observation): boolean {
  // A chain that can never run is refused before its first attempt; that refusal is the executor's work.
  return calls.length > 0 || result?.error?.code === 'E_FALLBACK_CHAIN'
}

/** Empty for a subject that threw before its first call: how it calls out is not what it needs advice about. */
function reachedPoints({ calls, thrown, result }: Observation): string {
  const counts = new Map<string, number>()
  for (const { point } of calls) counts.set(point, (counts.get(point) ?? 0) + 1)
  if (counts.size > 0) return `Reached: ${list([...counts].map(([point, count]) => `${point} (${count}×)`))}.`
  if ((thrown ?? result?.error ?? null) !== null) return ''
  return 'No boundary point was reached: name steps, or wrap calls with ports.fn or ports.fetch.'
}

/** For a function whose requests may have gone past the ports: none was seen, and nothing looks for them there. */
function clientAdvice({ plan, scenario, calls }: Observation, { pattern }: UnfiredFault): string[] {
  if (plan !== undefined || kindOf(pattern)?.isRequest !== true || scenario.spec.http === 'nock') return []
  if (calls.some(({ point }) => kindOf(point)?.isRequest === true)) return []
  return ['A subject with a client of its own (fetch, axios) needs `http: nock`.']
}

/** Nobody waits for a function that gives no promise, which its fault may not have known. */
function promiseAdvice({ pattern, reason }: UnfiredFault): string[] {
  if (reason !== 'unheard' || kindOf(pattern)?.isFunction !== true) return []
  return ['If the function gives no promise, say so: ports.fn(name, fn, { sync: true }).']
}

function joined(sentences: readonly string[]): string {
  return sentences.filter((sentence) => sentence !== '').join(' ')
}
