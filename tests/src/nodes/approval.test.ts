import { approval } from 'shakedown'
import { expect, test } from 'vitest'
import * as z from 'zod'

test('impossible options of an approval are configuration errors', () => {
  expect(() => approval('', { message: 'x', schema: z.string() })).toThrow('name of an approval')
  expect(() => approval('a', { message: '', schema: z.string() })).toThrow('`message` of approval')
  expect(() => approval('a', { message: 'x', schema: {} as never })).toThrow('Standard Schema')
  expect(() => approval('a', { message: 'x', schema: z.string(), scheme: 1 } as never)).toThrow('`scheme`')
})
