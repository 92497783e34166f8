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

function told(end: object, calls: readonly object[] = [], timers?: string): string {
  const scenario = { spec: { timers }, subject: { kind: 'function' } }
  const observation = { virtualMs: 70, calls, scenario, connectionsLeft: [] }
  const problem = endProblem(end as never, observation as unknown as Observation)
  expect(problem).toEqual({
    code: expect.stringMatching(/^E_(STALL|LIVELOCK)$/),
    message: problem.message,
    at: [],
  })
  return `${problem.code}: ${problem.message}`
}

const stalled = { kind: 'stalled', open: [] }
const livelock = { kind: 'livelock', limit: 'jumps', jumps: 10_000, waiting: ['a', 'b', 'a'] }
const start = 'E_STALL: The subject never settled: at 70 virtual ms no timer is left that could wake it.'
const NOBODY =
  'It awaits a promise that nobody settles: an event that was not emitted, a callback that was not called, a timer that ' +
  'a module set when it was loaded (in a test of your own that one is real), `Atomics.waitAsync` or `fs.watchFile` (they stay real), ' +
  'or work in native code that Node does not tell of (wrap it with ports.fn(name, fn, { io: true })).'

test('a subject that never settles is told with the time, its open calls and what to do', () => {
  const advice = 'Give what waits a timeout, or use a fault that settles.'
  expect(told(stalled, [CLOSED, open(2), open(3, 'hang')])).toBe(
    `${start} Open: fn:send (call 2, since 40 ms), fn:send (call 3, since 40 ms, fault hang). ${advice}`,
  )
})

test('a real function that does not answer may wait for what the world cannot see', () => {
  expect(told(stalled, [open(1)])).toBe(
    `${start} Open: fn:send (call 1, since 40 ms). The real thing is running: if it waits for something outside this ` +
      'process, such as a connection or a worker that is kept, say so with ports.fn(name, fn, { io: true }); if it may ' +
      'never answer, give what waits a timeout.',
  )
})

test('one that waits for none of its calls is told what else it may wait for', () => {
  expect(told(stalled, [CLOSED])).toBe(`${start} No call to a boundary point is open. ${NOBODY}`)
  expect(told(stalled, [CLOSED], 'ports')).toBe(
    `${start} No call to a boundary point is open. ${NOBODY} With \`timers: ports\`, only \`ports.clock\` is virtual.`,
  )
})

test('of an answer whose body never ends, the limit is said to have to hold until the body has been read', () => {
  expect(told(stalled, [{ ...CLOSED, point: 'http:GET /a', fault: 'stall(3)' }, CLOSED])).toBe(
    `${start} No call to a boundary point is open. The body of http:GET /a (call 1) is not over: a limit has to hold ` +
      'until the body has been read, not only until the headers are there.',
  )
})

test('real work that gave no sign is named with the time since which it is open', () => {
  const work = [
    { words: 'a TCP socket', sinceMs: 30 },
    { words: 'a worker thread', sinceMs: 0 },
  ]
  expect(told({ ...stalled, open: work })).toBe(
    `${start} No call to a boundary point is open. Real work is still open and gave no sign for all of ` +
      '`limits.realMs`: a TCP socket (since 30 ms), a worker thread (since 0 ms). Is the other side up, and does it answer?',
  )
})

test('a subject that goes round in circles is told with its jumps and what it waits for, each once', () => {
  const mend = 'Give what repeats an end, or raise the limit if that many are right.'
  expect(told(livelock, [open(1)])).toBe(
    'E_LIVELOCK: The subject was still setting timers after 10000 jumps of virtual time (`limits.jumps`), at 70 virtual ms. ' +
      `Open: fn:send (call 1, since 40 ms). Waiting: a, b. ${mend}`,
  )
  expect(told({ ...livelock, limit: 'virtualMs' })).toBe(
    'E_LIVELOCK: The subject was still waiting after 70 virtual ms, longer than `limits.virtualMs`. ' +
      `No call to a boundary point is open. Waiting: a, b. ${mend}`,
  )
})

test('at most five things are listed, and the rest is counted', () => {
  const waiting = (count: number) => Array.from({ length: count }, (_, at) => `timer-${at}`)
  const five = waiting(5).join(', ')
  expect(told({ ...livelock, waiting: waiting(5) })).toMatch(new RegExp(`Waiting: ${five}\\. `))
  expect(told({ ...livelock, waiting: waiting(7) })).toMatch(new RegExp(`Waiting: ${five} and 2 more\\. `))
})

test('real I/O that does not settle is told with the real time it was given', () => {
  expect(told({ kind: 'stuck', realMs: 900, pins: ['http:GET /a', 'http:GET /a', 'fn:b'] })).toBe(
    'E_STALL: Real I/O did not settle within 900 real ms, at 70 virtual ms: http:GET /a, fn:b. ' +
      'Is its server up, and does it answer?',
  )
})
