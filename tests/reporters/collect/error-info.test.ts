import { expect, test } from 'vitest'
import { createCleanText } from '../../../reporters/collect/clean-text.ts'
import { toErrorInfo, toErrorInfos } from '../../../reporters/collect/error-info.ts'
import { createProjectPaths } from '../../../reporters/collect/project-paths.ts'
import { toUnhandledEvents } from '../../../reporters/collect/unhandled.ts'
import { createRedactor } from '../../../src/base/redact/redactor.ts'

const text = createCleanText(createProjectPaths('/project/app'), createRedactor())
const info = (thrown: unknown) => toErrorInfo(thrown, text)

test('the place of an error is its first frame in the project', () => {
  const stack = [
    'Error: boom',
    '    at Object.parse (/project/app/node_modules/yaml/index.js:3:1)',
    '    at processTicksAndRejections (node:internal/process/task_queues:104:5)',
    '    at async load (/project/app/src/load.ts:12:7)',
    '    at file:///project/app/node_modules/vitest/dist/runner.js:1:1',
    '    at /project/app/tests/load.test.ts:4:9',
  ].join('\n')
  expect(info({ name: 'Error', message: 'boom', stack })).toEqual({
    name: 'Error',
    message: 'boom',
    stack:
      'at Object.parse (node_modules/yaml/index.js:3:1)\nat load (src/load.ts:12:7)\nat tests/load.test.ts:4:9',
    diff: null,
    location: { file: 'src/load.ts', line: 12, column: 7 },
    causes: [],
  })
})

test('a frame in a scenario file comes before any other', () => {
  const stacks = [
    { method: 'check', file: '/project/app/src/check.ts', line: 1, column: 1 },
    { method: '', file: '/project/app/scenarios/a.scenario.yaml', line: 7, column: 3 },
  ]
  expect(info({ message: 'x', stacks }).location).toEqual({
    file: 'scenarios/a.scenario.yaml',
    line: 7,
    column: 3,
  })
})

test('an error from outside the project has a stack and no place', () => {
  const { location, stack } = info({ message: 'x', stack: 'Error: x\n    at f (/elsewhere/a.js:1:2)' })
  expect({ location, stack }).toEqual({ location: null, stack: 'at f (../../elsewhere/a.js:1:2)' })
})

test.each([
  ['just text', 'just text'],
  [undefined, 'undefined'],
  [null, 'null'],
  [Symbol('s'), 'Symbol(s)'],
  [{}, 'no message'],
  [{ message: 7, name: '', stack: 7, stacks: 'x', diff: 1 }, '{"message":7}'],
  [{ code: 'E1', detail: 'row 7' }, '{"code":"E1","detail":"row 7"}'],
  [{ code: 'E1', type: 'Unhandled Rejection', VITEST_TEST_NAME: 'adds' }, '{"code":"E1"}'],
  [{ count: 7n, run: 'Function<run>' }, '{"count":"7n"}'],
  [[1, 'two'], '[1,"two"]'],
  [{ message: 'x', stacks: [null, { file: 1 }] }, 'x'],
])('whatever was thrown (%#) becomes an error with a message', (thrown, message) => {
  expect(info(thrown)).toEqual({
    name: 'Error',
    message,
    stack: null,
    diff: null,
    location: null,
    causes: [],
  })
})

test('causes are listed outermost first, and a circle of them ends', () => {
  const inner = new Error('inner')
  const outer = new TypeError('outer', { cause: inner })
  expect(info(outer).causes).toEqual([expect.objectContaining({ name: 'Error', message: 'inner' })])
  inner.cause = outer
  expect(info(outer).causes).toHaveLength(5)
})

test('an error is told with its code, unless the message has it or it tells nothing', () => {
  const messageOf = (message: string, code: unknown): string =>
    info(Object.assign(new Error(message), { code })).message
  expect(messageOf('', 'EPIPE')).toBe('EPIPE')
  expect(messageOf('no stock', 'E_STOCK')).toBe('no stock (E_STOCK)')
  expect(messageOf('open ENOENT', 'ENOENT')).toBe('open ENOENT')
  expect(messageOf('gone', 404)).toBe('gone')
  expect(messageOf('1 == 2', 'ERR_ASSERTION')).toBe('1 == 2')
  expect(messageOf('no stock', {})).toBe('no stock')
})

test('the root of a failed fetch is told: the code and the members of the aggregate below it', () => {
  const refused = ['::1:5', '127.0.0.1:5'].map((host) => new Error(`connect ECONNREFUSED ${host}`))
  const cause = Object.assign(new AggregateError(refused), { code: 'ECONNREFUSED' })
  expect(info(new TypeError('fetch failed', { cause })).causes).toMatchObject([
    { name: 'AggregateError', message: 'ECONNREFUSED' },
    { name: 'Error', message: 'connect ECONNREFUSED ::1:5' },
    { name: 'Error', message: 'connect ECONNREFUSED 127.0.0.1:5' },
  ])
})

test('of many members a few are named and the others counted, and of aggregates in aggregates too', () => {
  const many = new AggregateError(Array.from({ length: 12 }, (_, at) => new Error(`no. ${at}`)))
  expect(info(many).message).toBe('12 errors')
  expect(info(many).causes.map(({ message }) => message)).toEqual(['no. 0', 'no. 1', 'no. 2', 'and 9 more'])
  many.errors = Array.from({ length: 12 }, () => many)
  expect(info(many).causes).toHaveLength(16)
})

test('members that the message has already are not told again', () => {
  expect(info({ message: '[{"message":"too small"}]', errors: [{ message: 'too small' }] }).causes).toEqual(
    [],
  )
})

test('members that the message has are told again for what no message has: their code, their place, what caused them', () => {
  const told = (part: object): string[] =>
    info({ message: 'all failed: one is away', errors: [{ message: 'one is away', ...part }] }).causes.map(
      ({ message }) => message,
    )
  expect(told({ stack: 'Error\n    at /elsewhere/a.js:1:2' })).toEqual([])
  expect(told({ code: 'ECONNRESET' })).toEqual(['one is away (ECONNRESET)'])
  expect(told({ cause: new Error('no route') })).toEqual(['one is away', 'no route'])
  expect(told({ stack: 'Error\n    at /project/app/a.ts:1:2' })).toEqual(['one is away'])
})

test('a cause that is no error is shown, and not called one', () => {
  const cause = { code: 'E1', detail: 'row 7' }
  expect(info(new Error('outer', { cause })).causes).toEqual([
    { name: 'NonError', message: '{"code":"E1","detail":"row 7"}', location: null },
  ])
  expect(info(new Error('outer', { cause: 'full' })).causes).toEqual([
    { name: 'NonError', message: 'full', location: null },
  ])
})

test('a thrown object is shown without its secrets, and they are hidden before it is cut', () => {
  const shown = (thrown: unknown): string => info(thrown).message
  expect(shown({ password: 'hunter22', colour: '\u001B[31mred' })).toBe(
    '{"password":"[redacted]","colour":"red"}',
  )
  const token = `ghp_${'a1B2'.repeat(9)}`
  const long = shown({ detail: `${'x'.repeat(475)} ${token}`, more: 'y'.repeat(1_000) })
  expect(long).not.toContain('ghp_')
  expect(long).toMatch(/\n… \d+ more characters$/)
  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  expect(shown(circle)).toBe('"an object that is no JSON"')
})

test('a diff loses its colours and keeps its signs', () => {
  expect(
    info({ message: 'x', diff: '\u001B[32m- Expected\u001B[39m\n\u001B[31m+ Received\u001B[39m' }).diff,
  ).toBe('- Expected\n+ Received')
})

test('whatever form Vitest gives it, a diff has a sign before each line', () => {
  const diffOf = (diff: string): string | null => info({ message: 'x', diff }).diff
  const head = '- Expected\n+ Received\n\n'
  expect(diffOf('Expected: "two"\nReceived: "one"')).toBe(`${head}- "two"\n+ "one"`)
  expect(diffOf('- Expected:\nnull\n\n+ Received:\nundefined')).toBe(`${head}- null\n+ undefined`)
  expect(diffOf('- Expected:\nError {\n}\n\n+ Received:\n1')).toBe(`${head}- Error {\n- }\n+ 1`)
  expect(diffOf('')).toBeNull()
})

test('of very many errors the first twenty are kept', () => {
  expect(
    toErrorInfos(
      Array.from({ length: 500 }, () => new Error('x')),
      text,
    ),
  ).toHaveLength(20)
  expect(toErrorInfos(undefined, text)).toEqual([])
})

test('an unhandled rejection names the test that ran meanwhile, and blames only the file', () => {
  const error = Object.assign(new Error('x'), {
    type: 'Unhandled Rejection',
    VITEST_TEST_PATH: '/project/app/a.test.ts',
    VITEST_TEST_NAME: 'adds',
  })
  expect(toUnhandledEvents([error], 5, text)).toEqual([
    {
      type: 'unhandled-error',
      atMs: 5,
      kind: 'unhandledRejection',
      confidence: 'file',
      file: 'a.test.ts',
      error: expect.objectContaining({ message: 'x' }),
      during: 'adds',
    },
  ])
})

test('a rejection with what is no error belongs to no file', () => {
  expect(toUnhandledEvents([{ type: 'Unhandled Rejection', message: 'str' }], 5, text)).toEqual([
    expect.objectContaining({
      kind: 'unhandledRejection',
      file: null,
      error: expect.objectContaining({ message: 'str' }),
    }),
  ])
})

test('the death of a worker is told by its cause, with the file where Vitest knows it', () => {
  const errors = [
    crash(
      'Worker exited unexpectedly with signal SIGKILL during started state while running test file /project/app/a.test.ts',
    ),
    crash('Worker exited unexpectedly'),
  ]
  expect(toUnhandledEvents(errors, 5, text)).toEqual([
    expect.objectContaining({ type: 'worker-crashed', file: 'a.test.ts' }),
    expect.objectContaining({
      type: 'worker-crashed',
      file: null,
      error: expect.objectContaining({ message: 'Worker exited unexpectedly' }),
    }),
  ])
})

test('of a worker that had many files not all are listed: those that are lost are in the report', () => {
  const message =
    'Worker exited unexpectedly with signal SIGKILL during started state while running test files a.test.ts, b.test.ts'
  expect(toUnhandledEvents([crash(message)], 5, text)).toMatchObject([
    { error: { message: 'Worker exited unexpectedly with signal SIGKILL during started state' } },
  ])
})

test('a flood of unhandled errors is bounded, and the rest is counted', () => {
  const events = toUnhandledEvents(
    Array.from({ length: 1_500 }, () => new Error('x')),
    5,
    text,
  )
  expect(events).toHaveLength(1_001)
  expect(events.at(-1)).toMatchObject({ error: { message: '500 more unhandled errors are not listed.' } })
})

/** How Vitest's pool wraps the death of a worker. */
function crash(message: string): Error {
  return new Error('[vitest-pool]: Worker forks emitted error.', { cause: new Error(message) })
}
