import { expect, test } from 'vitest'
import { describeError, UnfinishedError } from '../../../harness/cli/describe-error.ts'
import { ShakedownError } from '../../../src/index.ts'

const longMessage =
  'Expected every word of this sentence to fit the width of a terminal, and here it goes on.'

test('an error of ours says what, where and what to do, and exits with 2', () => {
  const error = new ShakedownError('E_FLAP', longMessage, { hint: 'Mend it.' })
  expect(describeError(error, false)).toEqual({
    exitCode: 2,
    text: `shakedown: E_FLAP

Expected every word of this sentence to fit the width of a terminal, and here it
goes on.

→ Mend it.
`,
  })
})

test('an endless message is cut to one screen', () => {
  const { text } = describeError(
    new ShakedownError('E_FLAP', 'line\n'.repeat(500), { hint: 'Mend it.' }),
    false,
  )
  expect(text.split('\n').length).toBeLessThanOrEqual(24)
  expect(text).toContain('more lines')
  expect(text).toContain('→ Mend it.')
})

test('a message cannot ring, move the cursor or give orders to a CI service', () => {
  const error = new ShakedownError('E_FLAP', 'a\u0007b\u001B[2J\n::error::owned', { hint: '\u202Etxt' })
  const { text } = describeError(error, false)
  for (const character of ['\u0007', '\u001B', '\u202E']) expect(text).not.toContain(character)
  expect(text).not.toMatch(/^::/m)
})

test('stacks are for those who ask', () => {
  const error = new ShakedownError('E_FLAP', 'flapped', { cause: new RangeError('deep down') })
  expect(describeError(error, false).text).not.toContain('describe-error.test.ts')
  expect(describeError(error, true).text).toContain('describe-error.test.ts')
  expect(describeError(error, true).text).toContain('caused by RangeError: deep down')
})

test('a fault of ours says so, asks to be reported and exits with 5', () => {
  const { text, exitCode } = describeError(new TypeError('x is not a function'), false)
  expect(exitCode).toBe(5)
  expect(text).toMatch(/^shakedown: E_INTERNAL\n\nThis is a fault of shakedown, not of your project\./)
  expect(text).toContain('TypeError: x is not a function')
})

test('whatever is thrown is described', () => {
  const trap = new Proxy(
    {},
    {
      get: () => {
        throw new Error('trapped')
      },
    },
  )
  for (const thrown of [undefined, null, 'text', Symbol('s'), trap])
    expect(describeError(thrown, true).exitCode).toBe(5)
})

test('a run that was ended from outside is unfinished, not misused', () => {
  expect(describeError(new UnfinishedError('E_INTERRUPTED', 'stopped'), false).exitCode).toBe(4)
})
