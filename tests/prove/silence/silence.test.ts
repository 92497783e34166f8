import { afterAll, beforeAll, expect, test } from 'vitest'
import { findings } from '../libraries/findings.ts'
import { habits } from './habits.ts'
import { alarmsOf, idleAlarm, troublesOf } from './prove-one.ts'
import { functionTroubles, requestTroubles, type Trouble, UNTROUBLED } from './programs.ts'
import { realWork } from './real-work.ts'
import { handWritten, libraries, startOtherSides } from './subjects.ts'
import type { SilentSubject } from '../libraries/subject.ts'

let stop: () => void
beforeAll(async () => {
  stop = await startOtherSides()
})
afterAll(() => stop())

/** The short form of `npm run prove:silence`: real work is slow, so it meets only what its time depends on. */
const FOR_REAL_WORK: readonly Trouble[] = [
  { program: '2*reject(ECONNRESET)->off' },
  { program: 'late(5s)->off' },
]

const named = (subjects: readonly SilentSubject[]): [string, SilentSubject][] =>
  subjects.map((subject) => [`${subject.name} (${subject.timers})`, subject])

test.for(named(realWork))('real work raises no alarm: %s', async ([, subject]) => {
  for (const trouble of FOR_REAL_WORK) expect(await alarmsOf(subject, trouble), trouble.program).toEqual([])
})

test.for(named(habits))('what correct code does raises no alarm: %s', async ([, subject]) => {
  for (const trouble of troublesOf(subject))
    expect(await alarmsOf(subject, trouble), trouble.program).toEqual([])
})

/** A handful of libraries, one of each kind, in the mode that costs no real time. */
const FOR_LIBRARIES: readonly Trouble[] = [UNTROUBLED, { program: 'hang->off' }]
const SOME = new Set([
  'p-retry',
  'p-queue, two in an interval',
  'bottleneck, a limiter of the module',
  'ky on ports.fetch',
])

test.for(named(libraries.filter(({ name, timers }) => SOME.has(name) && timers === 'global')))(
  'a library raises no alarm: %s',
  async ([, subject]) => {
    expect(await idleAlarm(subject)).toEqual([])
    for (const trouble of FOR_LIBRARIES) expect(await alarmsOf(subject, trouble), trouble.program).toEqual([])
  },
)

test('a subject that does nothing is no proof', async () => {
  const idle = { name: 'idle', timers: 'global', run: () => 'done' } as const
  expect((await idleAlarm(idle)).map(({ problem }) => problem.code)).toEqual(['E_IDLE'])
})

test('a wrong subject raises an alarm', async () => {
  const wrong: SilentSubject = {
    name: 'wrong',
    timers: 'ports',
    run: (_input, ports) => ports.fn('work', () => 1)(),
  }
  expect(await alarmsOf(wrong, UNTROUBLED)).toEqual([])
  expect((await alarmsOf(wrong, { program: 'hang' })).map(({ problem }) => problem.code)).toEqual(['E_STALL'])
})

test('there are 25 subjects and 60 programs at least, programs differ, and names are told apart', () => {
  const subjects = [...libraries, ...handWritten]
  expect(new Set(subjects.map(({ name }) => name)).size).toBeGreaterThanOrEqual(25)
  expect(new Set(subjects.map(({ name, timers }) => `${name} ${timers}`)).size).toBe(subjects.length)
  for (const troubles of [functionTroubles, requestTroubles]) {
    expect(troubles.length).toBeGreaterThanOrEqual(60)
    expect(new Set(troubles.map(({ program }) => program)).size).toBe(troubles.length)
  }
})

test('a point that gives no promise meets none that makes it wait', () => {
  const synchronous = { name: 'x', timers: 'global', synchronous: true, run: () => 1 } as const
  const programs = troublesOf(synchronous).map(({ program }) => program)
  expect(programs).toContain('inf*throw')
  expect(programs).not.toContain('late(20)->off')
})

test('at most three findings stand apart', () => {
  expect(findings.length).toBeLessThanOrEqual(3)
})
