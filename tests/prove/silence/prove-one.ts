import { type Problem, runScenario, scenario, type Verdict } from 'shakedown/harness'
import {
  functionLeavings,
  functionTroubles,
  requestLeavings,
  requestTroubles,
  type Trouble,
  UNTROUBLED,
} from './programs.ts'
import type { SilentSubject } from '../libraries/subject.ts'

/** Vacuity is a verdict on what people write: a correct subject may have no need of a fault. */
const NO_ALARMS: ReadonlySet<string> = new Set(['E_VACUOUS', 'E_EXPECT'])

/** An alarm on a subject that is right. */
export interface Alarm {
  readonly subject: SilentSubject
  readonly trouble: Trouble
  readonly problem: Problem
}

/** Programs that make a point answer later. */
const LATER = /hang|delay|late|@/

/** What may happen to a subject: all that it has an answer to. */
export function troublesOf({ boundary = 'fn', synchronous, abortable }: SilentSubject): readonly Trouble[] {
  if (boundary !== 'fn')
    return abortable === true ? [...requestTroubles, ...requestLeavings] : requestTroubles
  if (synchronous === true) return functionTroubles.filter(({ program }) => !LATER.test(program))
  return abortable === true ? [...functionTroubles, ...functionLeavings] : functionTroubles
}

/**
 * Runs one subject in one trouble and gives back the alarms.
 *
 * @param replay whether it is executed a second time, to be compared with itself, as it is for whoever asks for nothing else
 */
export async function alarmsOf(
  subject: SilentSubject,
  trouble: Trouble,
  replay: boolean = true,
): Promise<Alarm[]> {
  const { problems } = await run(subject, trouble, replay)
  return problems.filter(({ code }) => !NO_ALARMS.has(code)).map((problem) => ({ subject, trouble, problem }))
}

/** So often is it asked whether a subject works: where a library's limits are real, a busy machine may exceed them. */
const ASKED_MAX = 3

/** A subject that does nothing raises no alarm either, and proves nothing: gives back an alarm on one. */
export async function idleAlarm(subject: SilentSubject): Promise<Alarm[]> {
  for (let asked = 0; asked < ASKED_MAX; asked++) {
    const { calls, output } = await run(subject, UNTROUBLED)
    if (calls.length > 0 && output !== 'gave up') return []
  }
  return [{ subject, trouble: UNTROUBLED, problem: IDLE }]
}

const IDLE: Problem = {
  code: 'E_IDLE',
  message: 'Expected the subject to call its point, and to get an answer, where nothing is wrong.',
  at: [],
}

function run(subject: SilentSubject, { program, abort }: Trouble, replay: boolean = true): Promise<Verdict> {
  const { timers, boundary = 'fn', request = 'GET /whole' } = subject
  const point = boundary === 'fn' ? 'fn:work' : `http:${request}`
  let built = scenario(`${subject.name} under ${program}`)
    .subject(subject.run)
    .on(point, program)
    .timers(timers)
  if (boundary === 'nock') built = built.http('nock')
  if (abort !== undefined) built = built.abort(abort)
  return runScenario(built, { replay })
}
