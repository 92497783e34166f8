import { expect, test } from 'vitest'
import { givenTime, TRIES_MAX } from '../../../harness/match/given-time.ts'

/** Work that is interrupted every time, on a machine that gives it so much processor time at each try. */
function interrupted(givenUs: readonly number[]): { result: string; tries: number } {
  let tries = 0
  let cpuUs = 7
  const work = (): string => {
    cpuUs += givenUs[tries++] ?? 0
    throw Object.assign(new Error('over'), { code: 'ERR_SCRIPT_EXECUTION_TIMEOUT' })
  }
  return { result: givenTime(work, () => cpuUs, 50), tries }
}

test('work that is done in time gives what it gives', () => {
  expect(
    givenTime(
      () => 'done',
      () => 0,
      50,
    ),
  ).toBe('done')
})

test('work that had its processor time and was not done is given up on at once', () => {
  expect(interrupted([50])).toEqual({ result: 'timed-out', tries: 1 })
})

test('work that had less is done again, and what each try had is counted by itself', () => {
  expect(interrupted([49, 49, 51])).toEqual({ result: 'timed-out', tries: 3 })
})

test('on a machine that never gives it time, it is given up on after ten tries', () => {
  expect(interrupted([])).toEqual({ result: 'timed-out', tries: TRIES_MAX })
  expect(TRIES_MAX).toBe(10)
})

test('what the work throws by itself is thrown on, though it had its time', () => {
  const broken = (): never => {
    throw new SyntaxError('no pattern')
  }
  expect(() => givenTime(broken, () => performance.now(), 0)).toThrow('no pattern')
})
