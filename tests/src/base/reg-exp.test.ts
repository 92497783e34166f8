import { expect, test } from 'vitest'
import { escapeRegExp } from '../../../src/base/reg-exp.ts'

test.each(['', 'u', 'v'])('an escaped text matches itself and nothing else, with the flags %j', (flags) => {
  const text = String.raw`a-b/c.d*e+f?g^h$i{1}(j)[k]|l\m,n`
  const pattern = new RegExp(`^${escapeRegExp(text)}$`, flags)
  expect(pattern.test(text)).toBe(true)
  expect(pattern.test(text.replace('.', 'x'))).toBe(false)
})
