import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { FaultSyntaxError } from '../../../../harness/faults/grammar/fault-errors.ts'
import { parseFaultProgram } from '../../../../harness/faults/text/parse.ts'
import { parsePointPattern } from '../../../../harness/faults/text/point-pattern.ts'
import { printFaultProgram, printPointPattern } from '../../../../harness/faults/text/print.ts'
import { arbitraryPattern, arbitraryProgram } from './arbitrary-program.ts'

/** The pieces real texts are made of, and the ones that break them. */
const pieces =
  'reject off status return value inf * % -> - > @ ( ) , = " \\ \\u00 { } [ ] : 3 -1 1e999 007 2s 40B null code # step: http: POST /orders 💥 é'
    .split(' ')
    .concat(' ', '\n', '\u0000', '\u00A0', '\uD800')
const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((some) => some.join(''))
const garbage = fc.oneof(soup, fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ maxLength: 80 }))

/** A valid text with one stretch cut out and something else put in. */
function damaged(valid: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(valid, fc.nat(200), fc.nat(5), soup)
    .map(([text, at, cut, patch]) => text.slice(0, at) + patch.slice(0, 6) + text.slice(at + cut))
}

/** What is wrong with how a text was taken: nothing if it was read, or refused at a place inside it. */
function complaint(text: string, read: (text: string) => unknown): string | undefined {
  try {
    read(text)
    return undefined
  } catch (error) {
    if (!(error instanceof FaultSyntaxError)) return `threw ${String(error)}`
    const { offset, line, column, excerpt } = error
    if (!(offset >= 0 && offset <= text.length)) return `offset ${offset} is outside`
    const lineLength = text.split('\n')[line - 1]?.length ?? -1
    if (column < 1 || column > lineLength + 1) return `column ${column} is outside line ${line}`
    return excerpt.includes('^') ? undefined : 'no caret'
  }
}

test('any text is either a program or refused at a place inside the text', () => {
  const text = fc.oneof(garbage, damaged(arbitraryProgram().map(printFaultProgram)))
  fc.assert(
    fc.property(text, (each) => {
      expect(complaint(each, parseFaultProgram)).toBeUndefined()
    }),
    { numRuns: 500 },
  )
})

test('any text is either a point or refused at a place inside the text', () => {
  const text = fc.oneof(garbage, damaged(arbitraryPattern.map(printPointPattern)))
  fc.assert(
    fc.property(text, (each) => {
      expect(complaint(each, parsePointPattern)).toBeUndefined()
    }),
    { numRuns: 2_000 },
  )
})

function throwing(error: Error): () => never {
  return () => {
    throw error
  }
}

test('a parser that throws anything else, or points outside, would be noticed', () => {
  const mistake = { text: 'off', end: 9, expected: 'x', got: 'y' }
  expect(complaint('off', throwing(new RangeError('deep')))).toBe('threw RangeError: deep')
  expect(complaint('of', throwing(new FaultSyntaxError({ ...mistake, start: 3 })))).toBe(
    'offset 3 is outside',
  )
})

test.each(
  '[ {"a": " \\ 9 a a- - -> off-> ( reject( "a", 0% 1% 1* 💥 \n step: http: # / %'.split(' ').concat(' '),
)('a text of nothing but %j is read or refused in no time', (part) => {
  const text = part.repeat(Math.floor(4080 / part.length))
  const wholes = [
    text,
    `return(${text}`,
    `reject("${text}`,
    `return([${text}`,
    `http:GET /${text}`.slice(0, 1024),
  ]
  const startedMs = performance.now()
  for (const whole of wholes) {
    expect(complaint(whole, parseFaultProgram)).toBeUndefined()
    expect(complaint(whole, parsePointPattern)).toBeUndefined()
  }
  // Ten linear readings of 4096 characters take a millisecond; quadratic ones would take thousands.
  expect(performance.now() - startedMs).toBeLessThan(250)
})
