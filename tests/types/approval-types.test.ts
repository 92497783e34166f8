import { approval, type InputOf, type OutputOf, pipeline, step } from 'shakedown'
import { expectTypeOf, test } from 'vitest'
import * as z from 'zod'

test('an approval takes what its message takes, and gives what its schema gives', () => {
  const node = approval('publish', {
    message: (text: string) => `Publish ${text}?`,
    schema: z.object({ ok: z.stringbool() }),
  })
  expectTypeOf<InputOf<typeof node>>().toEqualTypeOf<string>()
  expectTypeOf<OutputOf<typeof node>>().toEqualTypeOf<{ ok: boolean }>()
  const safe = node.fallback(step('robot', (text: string) => text.length))
  expectTypeOf<OutputOf<typeof safe>>().toEqualTypeOf<{ ok: boolean } | number>()
})

test('an approval that asks the same of everything takes everything', () => {
  const node = approval('go on', { message: 'Go on?', schema: z.boolean() })
  const whole = pipeline(
    'whole',
    step('count', (text: string) => text.length),
    node,
  )
  expectTypeOf<InputOf<typeof whole>>().toEqualTypeOf<string>()
  expectTypeOf<OutputOf<typeof whole>>().toEqualTypeOf<boolean>()
})

test('a step after an approval that takes something else is the one to blame', () => {
  const node = approval('go on', { message: 'Go on?', schema: z.boolean() })
  const print = step('print', (text: string) => text)
  // @ts-expect-error the answer is no text
  pipeline('whole', node, print)
})
