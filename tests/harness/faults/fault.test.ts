import { expect, test } from 'vitest'
import { FaultProgramError } from '../../../harness/faults/grammar/fault-errors.ts'
import { fault, type Fault } from '../../../harness/faults/fault.ts'
import { parseFaultProgram } from '../../../harness/faults/text/parse.ts'
import { verbNames } from '../../../harness/faults/points/points.ts'

test.each<[string, Fault]>([
  ['2*reset -> off', fault.times(2).reset().next.off()],
  ['reject(ECONNRESET)', fault.reject('ECONNRESET')],
  ['reject("quota used up", retryable=false)', fault.reject('quota used up', { retryable: false })],
  ['reject(E429, retryAfterMs=3000)', fault.reject(undefined, { code: 'E429', retryAfterMs: 3000 })],
  ['reject("ECONNRESET", code=EPIPE)', fault.reject('ECONNRESET', { code: 'EPIPE' })],
  ['reject', fault.reject()],
  ['throw("boom")', fault.throw('boom')],
  ['inf*hang', fault.forever().hang()],
  ['2%reject@50', fault.percent(2).afterMs(50).reject()],
  ['2%3*reject -> delay(200) -> off', fault.percent(2).times(3).reject().next.delay(200).next.off()],
  [
    'late(500) -> lateReject(500, EPIPE) -> lateReject(5, "no")',
    fault.late(500).next.lateReject(500, 'EPIPE').next.lateReject(5, 'no'),
  ],
  ['value(proxy)', fault.value('proxy')],
  [
    'return({"id":7}) -> shape([null]) -> huge(40B)',
    fault.return({ id: 7 }).next.shape([null]).next.huge(40),
  ],
  [
    'refused -> dns -> reset(after=40B) -> closeBeforeHeaders',
    fault.refused().next.dns().next.reset({ after: 40 }).next.closeBeforeHeaders(),
  ],
  [
    'status(429, retry-after=3) -> status(503, body={"a":1})',
    fault.status(429, { 'retry-after': 3 }).next.status(503, { body: { a: 1 } }),
  ],
  ['truncatedJson', fault.truncatedJson()],
])('%s is made in code, too', (text, made) => {
  expect(String(made)).toBe(text)
  expect(made.program).toStrictEqual(parseFaultProgram(text))
})

test('the builder has every verb of the grammar', () => {
  for (const name of verbNames()) expect(fault).toHaveProperty(name)
})

test('a fault can be continued twice without either noticing', () => {
  const flaky = fault.times(2).reset()
  const recovers = flaky.next.off()
  const dies = flaky.next.forever().refused()
  expect([flaky, recovers, dies].map(String)).toEqual(['2*reset', '2*reset -> off', '2*reset -> inf*refused'])
})

test('the last of repeated modifiers counts', () => {
  expect(String(fault.times(2).forever().times(3).off())).toBe('3*off')
})

test('a program keeps the argument it was given, not the object', () => {
  const body = { items: [1] }
  const made = fault.return(body)
  body.items.push(2)
  expect(String(made)).toBe('return({"items":[1]})')
  expect(Object.isFrozen(made.program.steps)).toBe(true)
})

test.each<[string, () => unknown]>([
  ['`code` of fault `status` to be an integer from 200 to 599, got 999', () => fault.status(999)],
  [
    '`ms` of fault `delay` to be a duration from 0 to 2147483647 ms, such as 200, 200ms or 2s, got -1',
    () => fault.delay(-1),
  ],
  ['`ms` of fault `delay` to be a duration', () => fault.delay(Number.NaN)],
  [
    '`times` of fault `off` to be an integer from 1 to 1000000, or Infinity, got -3',
    () => fault.times(-3).off(),
  ],
  ['`times` of fault `off` to be an integer', () => fault.times(0).off()],
  ['`percent` of fault `off` to be above 0 and up to 100, got 120', () => fault.percent(120).off()],
  ['`percent` of fault `off` to be above 0', () => fault.percent(0).off()],
  ['`afterMs` of fault `off` to be a duration', () => fault.afterMs(-0).off()],
  ['`code` of fault `reject` to be an error code', () => fault.reject('x', { code: 'two words' })],
  ['`json` of fault `return` to be a JSON value, got a list', () => fault.return([Number.NaN])],
  ['`body` of fault `status` to be no body, because status 204', () => fault.status(204, { body: 1 })],
  ['nothing after a step that repeats forever', () => fault.forever().off().next.off()],
  ['a fault program of at most 4096 characters', () => fault.return('x'.repeat(5000))],
  // What the types forbid, for those who have none.
  ['`ms` of fault `delay` to be a duration', () => fault.delay('soon' as never)],
  ['`ms` of fault `delay` to be a duration', () => (fault.delay as () => unknown)()],
  ['`thrown` of fault `value` to be one of undefined', () => fault.value('odd' as never)],
  [
    'the arguments of fault `delay(ms)`, got 2',
    () => (fault.delay as (...args: unknown[]) => unknown)(1, { a: 1 }),
  ],
  [
    'reject as `reject(message?, code=…, retryAfterMs=…, retryable=…)`, got `retries`',
    () => fault.reject('x', { retries: 1 } as never),
  ],
  ['`json` of fault `return` to be a JSON value, got a function', () => fault.return((() => 1) as never)],
])('Expected %s', (message, make) => {
  expect(make).toThrow(FaultProgramError)
  expect(make).toThrow(`Expected ${message}`)
})

test('a program of 65 steps is refused', () => {
  let made = fault.off()
  for (let count = 1; count < 64; count += 1) made = made.next.off()
  expect(() => made.next.off()).toThrow('Expected a fault program of 1 to 64 steps, got 65.')
})

test('the types hold a fault to its grammar', () => {
  const wrong = [
    // @ts-expect-error a step needs a verb before it has a program
    () => fault.times(2).program,
    // @ts-expect-error a step has one verb
    () => fault.off().off(),
    // @ts-expect-error the verb takes milliseconds
    () => fault.delay('200'),
    // @ts-expect-error there is no such strange value
    () => fault.value('weird'),
    // @ts-expect-error extras are known by name
    () => fault.reject('x', { retriable: false }),
    // @ts-expect-error a verb that the grammar does not have
    () => fault.stream,
  ]
  expect(wrong).toHaveLength(6)
})
