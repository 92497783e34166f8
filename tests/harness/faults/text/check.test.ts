import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkFaultProgram } from '../../../../harness/faults/text/check.ts'
import { FaultProgramError } from '../../../../harness/faults/grammar/fault-errors.ts'
import type { FaultStep } from '../../../../harness/faults/grammar/program.ts'
import { arbitraryProgram } from './arbitrary-program.ts'

const off: FaultStep = { percent: 100, times: 1, verb: 'off', args: [], named: {}, afterMs: 0 }

test('every program that text can say is accepted as a value', () => {
  fc.assert(
    fc.property(arbitraryProgram(), (program) => {
      expect(() => checkFaultProgram(program)).not.toThrow()
    }),
  )
})

test.each<[string, Partial<FaultStep>]>([
  ['a verb, got `stream`', { verb: 'stream' }],
  ['`arguments` of fault `off` to be at most 0 positional ones, got 1', { args: [1] }],
  ['off as `off`, got `code`', { named: { code: 'X' } }],
  ['`times` of fault `off`', { times: 1.5 }],
  ['`percent` of fault `off`', { percent: Number.NaN }],
  ['`afterMs` of fault `off`', { afterMs: Infinity }],
  ['`code` of fault `status` to be an integer from 200 to 599, got nothing', { verb: 'status' }],
  ['`body` of fault `status` to be no body', { verb: 'status', args: [304], named: { body: null } }],
  ['`after` of fault `reset` to be a size', { verb: 'reset', named: { after: 1.5 } }],
])('Expected %s', (message, change) => {
  const check = (): void => checkFaultProgram({ steps: [{ ...off, ...change }] })
  expect(check).toThrow(FaultProgramError)
  expect(check).toThrow(`Expected ${message}`)
})

test('a program without steps is refused', () => {
  expect(() => checkFaultProgram({ steps: [] })).toThrow('Expected a fault program of 1 to 64 steps, got 0.')
})

test('a verb of another kind of point is refused when the kind is known', () => {
  const program = { steps: [{ ...off, verb: 'dns' }] }
  checkFaultProgram(program, 'http')
  expect(() => checkFaultProgram(program, 'step')).toThrow(
    'Expected a verb of step points, got `dns`, a verb of http points.',
  )
})
