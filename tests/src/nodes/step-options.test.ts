import { ConfigurationError, step } from 'shakedown'
import { expect, test } from 'vitest'

test.for([
  [{ retries: -1 }, /`retries` of step 'x'/],
  [{ retries: 1.5 }, /`retries`/],
  [{ retries: 101 }, /`retries`/],
  [{ timeoutMs: 0 }, /`timeoutMs`/],
  [{ timeoutMs: 2 ** 31 }, /`timeoutMs`/],
  [{ backoff: { jitter: 'some' } }, /`backoff.jitter`/],
  [{ backoff: { baseMs: -1 } }, /`backoff.baseMs`/],
  [{ backoff: { factor: 0.5 } }, /`backoff.factor`/],
  [{ backoff: { factor: 101 } }, /`backoff.factor`/],
  [{ backoff: { maxDelayMs: -1 } }, /`backoff.maxDelayMs`/],
  [{ retreis: 3 }, /Unknown option `retreis` of step 'x'. Did you mean `retries`\?/],
  [{ backoff: { basems: 3 } }, /`backoff.basems`.* Did you mean `baseMs`\?/],
  [
    { validate: 'yes' },
    /`validate` .*expected a function \(output, ctx\) => true \| feedback, or a Standard Schema.*"yes"/,
  ],
  [{ validate: 5 }, /`validate` .*expected a function.*got 5/],
  [{ validate: null }, /`validate` .*expected a function.*got null/],
  [{ validate: {} }, /`validate` .*expected a function.*got an object/],
  [{ validate: [] }, /`validate` .*expected a function.*got an empty list/],
  [{ retryIf: true }, /`retryIf` .*expected a function.*got true/],
] as const)('options %o are refused when the step is built', ([options, message]) => {
  expect(() => step('x', () => 1, options as never)).toThrow(message)
  expect(() => step('x', () => 1, options as never)).toThrow(ConfigurationError)
})

const schema = {
  '~standard': { version: 1, vendor: 'ours', validate: (value: unknown) => ({ value }) },
} as const

test.for<[object]>([
  [{ retries: 0, timeoutMs: 0.5 }],
  [{ retries: 100, timeoutMs: 2 ** 31 - 1 }],
  [{ backoff: { baseMs: 0, factor: 1, maxDelayMs: 0, jitter: 'none' } }],
  [{ backoff: { factor: 100, jitter: 'full' } }],
  [{ backoff: { jitter: 'equal' } }],
  [{ validate: () => true }],
  [{ validate: schema }],
  [{ validate: Object.assign(() => 1, schema) }],
  [{ retryIf: () => true }],
])('options %o are what a step may have', ([options]) => {
  expect(step('x', () => 1, options as never).policy as object).toMatchObject(options)
})

test.for(['', '  ', 'a/b', 'a#2', 'a\u0000b', 'x'.repeat(201)])('a step cannot be called %j', (name) => {
  expect(() => step(name, () => 1)).toThrow(ConfigurationError)
})

test('a name may be 200 characters long', () => {
  expect(step('x'.repeat(200), () => 1).name).toHaveLength(200)
})

test.for([
  [undefined, 'nothing'],
  [5, '5'],
  [{}, 'an object'],
  ['draft', '"draft"'],
])('a step made of %o, which is no function, is refused by its name', ([run, words]) => {
  expect(() => step('x', run as never)).toThrow(
    `Expected step 'x' to be given a function (input, ctx) => output, got ${words as string}.`,
  )
  expect(() => step('x', run as never)).toThrow(ConfigurationError)
})
