import { afterAll, beforeAll, expect, test } from 'vitest'
import { habits } from './habits.ts'
import { programs } from './programs.ts'
import { alarmsOf, programsFor } from './prove-one.ts'
import { realWork, startServers } from './real-work.ts'

let stop: () => void
beforeAll(async () => {
  stop = await startServers()
})
afterAll(() => stop())

/** The short form of `npm run prove:silence`: real work is slow, so it meets only what its time depends on. */
const FOR_REAL_WORK = ['2*reject(ECONNRESET)->off', 'late(5s)->off']

test.for(realWork.map((subject) => [`${subject.name} (${subject.timers})`, subject] as const))(
  'real work raises no alarm: %s',
  async ([, subject]) => {
    for (const program of FOR_REAL_WORK) expect(await alarmsOf(subject, program), program).toEqual([])
  },
)

test.for(habits.map((subject) => [`${subject.name} (${subject.timers})`, subject] as const))(
  'what correct code does raises no alarm: %s',
  async ([, subject]) => {
    for (const program of programsFor(subject)) expect(await alarmsOf(subject, program), program).toEqual([])
  },
)

test('programs differ, and a point that gives no promise meets none that makes it wait', () => {
  expect(new Set(programs).size).toBe(programs.length)
  const synchronous = { name: 'x', timers: 'global', synchronous: true, run: () => 1 } as const
  expect(programsFor(synchronous)).toContain('inf*throw')
  expect(programsFor(synchronous)).not.toContain('late(20)->off')
})
