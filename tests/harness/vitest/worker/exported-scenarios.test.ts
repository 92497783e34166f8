import { expect, test } from 'vitest'
import { scenario } from '../../../../harness/scenario/builder.ts'
import { exportedScenarios } from '../../../../harness/vitest/worker/exported-scenarios.ts'

const send = async (): Promise<string> => 'sent'
const first = scenario('first').subject(send)

function names(exports: Record<string, unknown>): string[] {
  return exportedScenarios(exports, '/p/x.scenario.ts').map(({ name }) => name)
}

test('scenarios are found among the exports, in lists too, each once', () => {
  const second = scenario('second').subject(send)
  expect(names({ first, default: [second, first], send, limit: 3, nothing: undefined })).toEqual([
    'first',
    'second',
  ])
})

test('only and skip become options; a skip with a reason is left to the test', () => {
  const exported = exportedScenarios(
    {
      a: scenario('a').subject(send).only(),
      b: scenario('b').subject(send).skip(),
      c: scenario('c').subject(send).skip('later'),
    },
    '/p/x.scenario.ts',
  )
  expect(exported.map(({ options }) => options)).toEqual([{ only: true }, { skip: true }, {}])
})

test.each([
  [
    'no scenario',
    { send },
    'Expected the file to export a scenario, made by scenario(name).subject(…), got none.',
  ],
  [
    'one without a subject',
    { half: scenario('half') },
    'Expected the scenario exported as `half` to have a subject; call .subject(…) on it.',
  ],
  [
    'two of one name',
    { first, again: scenario('first').subject(send) },
    'Expected every scenario of the file to have its own name, got "first" twice.',
  ],
])('a file that exports %s is refused at its first line', (_what, exports, message) => {
  expect(() => names(exports)).toThrow(message)
  expect(catchError(() => names(exports)).stack).toContain('/p/x.scenario.ts:1:1')
})

function catchError(run: () => unknown): Error {
  try {
    run()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('Expected an error.')
}
