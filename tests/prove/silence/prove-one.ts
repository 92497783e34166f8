import { type Problem, runScenario, scenario } from 'shakedown/harness'
import { programs } from './programs.ts'
import type { SilentSubject } from './subject.ts'

/** Vacuity is a verdict on what people write: a correct subject may have no need of a fault. */
const NO_ALARMS: ReadonlySet<string> = new Set(['E_VACUOUS', 'E_EXPECT'])

/** An alarm on a subject that is right. */
export interface Alarm {
  readonly subject: string
  readonly timers: string
  readonly program: string
  readonly problem: Problem
}

/** Programs that make a point answer later. */
const LATER = /hang|delay|late|@/

/** The programs that a subject has an answer to. */
export function programsFor({ synchronous = false }: SilentSubject): readonly string[] {
  return synchronous ? programs.filter((program) => !LATER.test(program)) : programs
}

/** Runs one subject under one program and gives back the alarms. */
export async function alarmsOf(subject: SilentSubject, program: string): Promise<Alarm[]> {
  const { timers } = subject
  const built = scenario(`${subject.name} under ${program}`)
    .subject(subject.run)
    .on('fn:work', program)
    .timers(timers)
  const { problems } = await runScenario(built)
  return problems
    .filter(({ code }) => !NO_ALARMS.has(code))
    .map((problem) => ({ subject: subject.name, timers, program, problem }))
}
