import { expect, test } from 'vitest'
import { parseFaultProgram } from '../../../../harness/faults/text/parse.ts'
import { printFaultProgram } from '../../../../harness/faults/text/print.ts'
import {
  findVerb,
  kindsWith,
  listVerbs,
  pointKinds,
  verbNames,
  verbTable,
} from '../../../../harness/faults/points/points.ts'

test('the verbs of each kind of point are these', () => {
  const functionVerbs = 'off delay throw reject lose return shape hang late lateReject value huge'.split(' ')
  expect(verbNames('step')).toStrictEqual(functionVerbs)
  expect(verbNames('fn')).toStrictEqual(functionVerbs)
  expect(verbNames('http')).toStrictEqual(
    'off delay refused dns reset lose closeBeforeHeaders status truncatedJson wrongType lengthMismatch stall slow late hang'.split(
      ' ',
    ),
  )
})

test('what pushes has verbs of its own, and two of functions', () => {
  expect(verbNames('events')).toStrictEqual('off delay push reject hang'.split(' '))
})

test('a verb is found where its kind has it and nowhere else', () => {
  expect(findVerb('reject', 'step')?.name).toBe('reject')
  expect(findVerb('reject', 'http')).toBeUndefined()
  expect(findVerb('constructor')).toBeUndefined()
  expect(kindsWith('hang')).toStrictEqual(pointKinds)
  expect(kindsWith('dns')).toStrictEqual(['http'])
})

test('verbs that share a name share their parameters, so that a program reads the same everywhere', () => {
  for (const name of verbNames()) {
    const [first, ...others] = listVerbs().filter((verb) => verb.name === name)
    for (const other of others) {
      expect(other.params).toStrictEqual(first!.params)
      expect(other.options).toStrictEqual(first!.options)
    }
  }
})

test('no kind of point has two verbs of one name', () => {
  for (const kind of pointKinds) {
    const names = listVerbs(kind).map((verb) => verb.name)
    expect(new Set(names).size).toBe(names.length)
  }
})

test('required positional parameters come first, and a bare word stands for a named one that exists', () => {
  for (const { params, options } of listVerbs()) {
    const required = params.map((param) => param.required)
    expect(required).toStrictEqual(required.toSorted((a, b) => Number(b) - Number(a)))
    const bareWords = params.flatMap(({ bareWord }) => bareWord ?? [])
    expect(options.map((option) => option.name)).toEqual(expect.arrayContaining(bareWords))
  }
})

test('the table has a row for each verb, with an example that is a program of its kinds and uses it', () => {
  const table = verbTable()
  expect(table.map((row) => row.verb)).toStrictEqual(listVerbs().map((verb) => verb.name))
  for (const { verb, kinds, example, usage, summary } of table) {
    for (const kind of kinds) {
      const program = parseFaultProgram(example, { kind })
      expect(program.steps.map((step) => step.verb)).toContain(verb)
      expect(printFaultProgram(parseFaultProgram(printFaultProgram(program)))).toBe(
        printFaultProgram(program),
      )
    }
    expect(usage.startsWith(verb)).toBe(true)
    expect(summary).not.toBe('')
  }
  expect(table.find((row) => row.verb === 'status')?.usage).toBe(
    'status(code, retry-after=…, retry-at=…, body=…, text=…, headers=…)',
  )
  expect(table.find((row) => row.verb === 'lateReject')?.usage).toBe(
    'lateReject(ms, message?, code=…, retryAfterMs=…, retryable=…)',
  )
})
