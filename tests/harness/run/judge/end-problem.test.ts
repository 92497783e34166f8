import { expect, test } from 'vitest'
import { endProblem } from '../../../../harness/run/judge/end-problem.ts'
import type { Observation } from '../../../../harness/scenario/observation.ts'

const CLOSED = { point: 'fn:done', nth: 1, atMs: 0, fault: null, settled: 'returned' }
const open = (nth: number, fault: string | null = null) => ({
  point: 'fn:send',
  nth,
  atMs: 40,
  fault,
  settled: 'open',
})

function told(end: object, calls: readonly object[] = []): string {
  const problem = endProblem(end as never, { virtualMs: 70, calls } as unknown as Observation)
  expect(problem).toEqual({
    code: expect.stringMatching(/^E_(STALL|LIVELOCK)$/),
    message: problem.message,
    at: [],
  })
  return `${problem.code}: ${problem.message}`
}

const stalled = { kind: 'stalled', unpinned: [] }
const livelock = { kind: 'livelock', jumps: 10_000, waiting: ['a', 'b', 'a'] }

test('a subject that never settles is told with the time, its open calls and what to do', () => {
  const start = 'E_STALL: The subject never settled: at 70 virtual ms no timer is left that could wake it.'
  const advice = 'Give what waits a timeout, or script something that ends.'
  expect(told(stalled, [CLOSED])).toBe(`${start} No call to a boundary point is open. ${advice}`)
  expect(told(stalled, [CLOSED, open(2), open(3, 'hang')])).toBe(
    `${start} Open: fn:send (call 2, since 40 ms), fn:send (call 3, since 40 ms, fault hang). ${advice}`,
  )
})

test('real I/O that the world was not told of is named instead of the advice', () => {
  expect(told({ ...stalled, unpinned: ['TCPWrap', 'FSReqCallback'] })).toBe(
    'E_STALL: The subject never settled: at 70 virtual ms no timer is left that could wake it. ' +
      'No call to a boundary point is open. Real I/O may be under way that the world was not told of ' +
      '(TCPWrap, FSReqCallback): wrap it with ports.fetch, or ports.fn(name, fn, { io: true }).',
  )
})

test('a subject that goes round in circles is told with its jumps and what it waits for, each once', () => {
  expect(told(livelock, [open(1)])).toBe(
    'E_LIVELOCK: The subject was still setting timers after 10000 jumps, at 70 virtual ms. ' +
      'Open: fn:send (call 1, since 40 ms). Waiting: a, b.',
  )
})

test('at most ten things are listed, and the rest is counted', () => {
  const waiting = (count: number) => Array.from({ length: count }, (_, at) => `timer-${at}`)
  const ten = waiting(10).join(', ')
  expect(told({ ...livelock, waiting: waiting(10) })).toMatch(new RegExp(`Waiting: ${ten}\\.$`))
  expect(told({ ...livelock, waiting: waiting(12) })).toMatch(new RegExp(`Waiting: ${ten} and 2 more\\.$`))
})

test('real I/O that does not settle is told with the real time it was given', () => {
  expect(told({ kind: 'stuck', watchdogMs: 900, pins: ['http:GET /a', 'http:GET /a', 'fn:b'] })).toBe(
    'E_STALL: Real I/O did not settle within 900 real ms, at 70 virtual ms: http:GET /a, fn:b. ' +
      'Is its server up, and does it answer?',
  )
})
