import { expect, test } from 'vitest'
import { ShakedownError } from '../../../../src/index.ts'
import { FaultSyntaxError, type FaultSource } from '../../../../harness/faults/grammar/fault-errors.ts'
import { parseFaultProgram } from '../../../../harness/faults/text/parse.ts'
import { parsePointPattern } from '../../../../harness/faults/text/point-pattern.ts'

function refusal(parse: () => unknown): FaultSyntaxError {
  try {
    parse()
  } catch (error) {
    if (error instanceof FaultSyntaxError) return error
    throw error
  }
  throw new Error('it was read')
}

const refuse = (text: string, where?: FaultSource): FaultSyntaxError =>
  refusal(() => parseFaultProgram(text, { where }))

test('a syntax error says what was expected, where and what was got, and shows the place', () => {
  const error = refuse('3*rejct(ECONNRESET) -> off')
  expect(error).toBeInstanceOf(ShakedownError)
  expect(error.code).toBe('E_FAULT_SYNTAX')
  expect(error.message).toBe(
    [
      'Expected a verb at 1:3, got `rejct`. Did you mean `reject`?',
      '',
      '  3*rejct(ECONNRESET) -> off',
      '    ^^^^^',
    ].join('\n'),
  )
})

test('a fault inside a file is placed in the file', () => {
  const where = { file: 'scenarios/http/flap.scenario.yaml', line: 7, column: 20 }
  const error = refuse('3*rejct -> off', where)
  expect(error.message).toContain('Expected a verb at scenarios/http/flap.scenario.yaml:7:22, got `rejct`.')
  expect(error).toMatchObject({ file: where.file, line: 7, column: 22, offset: 2 })
})

test('the second line of a fault is the next line of the file', () => {
  const error = refuse('3*reject ->\n  offf', { file: 'a.yaml', line: 7, column: 20 })
  expect(error).toMatchObject({ line: 8, column: 3, offset: 14 })
  expect(error.excerpt).toBe('    offf\n    ^^^^')
})

test('a point is placed in the file, too', () => {
  const error = refusal(() => parsePointPattern('stp:draft', { file: 'a.yaml', line: 5, column: 3 }))
  expect(error.message).toContain('at a.yaml:5:3, got `stp`. Did you mean `step`?')
})

test('a mistake at the end has its caret behind the text', () => {
  expect(refuse('off ->').excerpt).toBe('  off ->\n        ^')
})

test('a long text shows what surrounds the mistake, in 80 columns', () => {
  const { excerpt } = refuse(`${'off -> '.repeat(30)}rejct${' -> off'.repeat(10)}`)
  const [line = '', carets = ''] = excerpt.split('\n')
  expect(line.length).toBeLessThanOrEqual(80)
  expect(line).toMatch(/^ {2}….*rejct.*…$/)
  expect(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('rejct')
})

test('a mistake that is longer than the line gets no longer carets', () => {
  for (const text of [
    `return("${'x'.repeat(200)}"`,
    `status(${'9'.repeat(200)})`,
    'status("a\\n")\n\n -> off',
  ]) {
    for (const line of refuse(text).excerpt.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  }
})

test('a tab moves no caret', () => {
  expect(refuse('off\t-> rejct').excerpt).toBe('  off -> rejct\n         ^^^^^')
})

test('a long argument is quoted in part, on one line', () => {
  const { got } = refuse(`delay({"a":\n"${'x'.repeat(100)}"})`)
  expect(got).toBe(`\`{"a": "${'x'.repeat(33)}…\``)
})
