import { ConfigurationError, step } from 'shakedown'
import { expect, test } from 'vitest'

test.for([
  [{ retries: -1 }, /`retries` of step 'x'/],
  [{ retries: 1.5 }, /`retries`/],
  [{ timeoutMs: 0 }, /`timeoutMs`/],
  [{ backoff: { jitter: 'some' } }, /`backoff.jitter`/],
  [{ retreis: 3 }, /Unknown option `retreis` of step 'x'. Did you mean `retries`\?/],
  [{ backoff: { basems: 3 } }, /`backoff.basems`.* Did you mean `baseMs`\?/],
] as const)('options %o are refused when the step is built', ([options, message]) => {
  expect(() => step('x', () => 1, options as never)).toThrow(message)
  expect(() => step('x', () => 1, options as never)).toThrow(ConfigurationError)
})

test.for(['', '  ', 'a/b', 'a#2', 'a\u0000b', 'x'.repeat(201)])('a step cannot be called %j', (name) => {
  expect(() => step(name, () => 1)).toThrow(ConfigurationError)
})
