import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseFaultProgram } from '../../../../harness/faults/text/parse.ts'
import { parsePointPattern } from '../../../../harness/faults/text/point-pattern.ts'
import {
  printFaultProgram,
  printFaultStep,
  printPointPattern,
} from '../../../../harness/faults/text/print.ts'
import { pointKinds } from '../../../../harness/faults/points/points.ts'
import { arbitraryPattern, arbitraryProgram } from './arbitrary-program.ts'

test('every valid program is printed as text that means the same program', () => {
  fc.assert(
    fc.property(arbitraryProgram(), (program) => {
      expect(parseFaultProgram(printFaultProgram(program))).toStrictEqual(program)
    }),
    { numRuns: 300 },
  )
})

test.each(pointKinds)('a program of %s points reads the same when the kind is known', (kind) => {
  fc.assert(
    fc.property(arbitraryProgram(kind), (program) => {
      expect(parseFaultProgram(printFaultProgram(program), { kind })).toStrictEqual(program)
    }),
  )
})

test('printing what was read changes nothing more, however the text was spaced', () => {
  const space = fc.constantFrom('', ' ', '\n', '\t  ', '\r\n')
  fc.assert(
    fc.property(arbitraryProgram(), fc.array(space, { minLength: 8, maxLength: 8 }), (program, spaces) => {
      const loose = program.steps
        .map((step, index) => `${spaces[index % 8]}${printFaultStep(step)}${spaces[(index + 3) % 8]}`)
        .join('->')
      const printed = printFaultProgram(parseFaultProgram(loose))
      expect(printed).toBe(printFaultProgram(program))
      expect(printFaultProgram(parseFaultProgram(printed))).toBe(printed)
    }),
  )
})

test.each([
  ['3*reject(ECONNRESET)->off', '3*reject(ECONNRESET) -> off'],
  [' 2 % 3 * reject ( "a" , retryable = false ) @ 50ms ', '2%3*reject("a", retryable=false)@50'],
  ['100%1*off@0', 'off'],
  ['reject()', 'reject'],
  ['reject(code=ECONNRESET)', 'reject(ECONNRESET)'],
  ['reject(retryable=true, code=X)', 'reject(X, retryable=true)'],
  ['lateReject(2s, EPIPE)', 'lateReject(2000, EPIPE)'],
  ['delay(1.1s)', 'delay(1100)'],
  ['delay(2.3s)@0.5s', 'delay(2300)@500'],
  ['reset(after=40)', 'reset(after=40B)'],
  ['huge(1.5kB)', 'huge(1500B)'],
  ['return( { "a" : [ 1 , -0 , 1E2 ] } )', 'return({"a":[1,0,100]})'],
  ['return("\\u0041\\/")', 'return("A/")'],
  ['status(429, body = null, retry-after = 3)', 'status(429, retry-after=3, body=null)'],
  ['off->off->inf*hang', 'off -> off -> inf*hang'],
])('%s is written %s', (text, canonical) => {
  expect(printFaultProgram(parseFaultProgram(text))).toBe(canonical)
})

test('every valid point pattern is printed as text that means the same pattern', () => {
  fc.assert(
    fc.property(arbitraryPattern, (pattern) => {
      expect(parsePointPattern(printPointPattern(pattern))).toStrictEqual(pattern)
    }),
    { numRuns: 300 },
  )
})
