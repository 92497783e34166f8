import { expect, test } from 'vitest'
import { mayMock } from '../../../../../harness/vitest/plugin/mocks/mock-call.ts'
import { mockCallsInText } from '../../../../../harness/vitest/plugin/mocks/mock-text.ts'
import { SEEN, SILENT } from './mock-cases.ts'

const found = (code: string): readonly string[] =>
  mockCallsInText(code).map(
    ({ written, specifier, line, column }) => `${line}:${column} ${written} of ${specifier}`,
  )

test.for(SEEN)('%j is seen', ([code, calls]) => {
  expect(mayMock(code)).toBe(true)
  expect(found(code)).toEqual(calls)
})

test.for(SILENT)('%j is nothing to remark', (code) => {
  expect(found(code)).toEqual([])
})
