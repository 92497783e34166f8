import { approval, createEngine, memoryAudit, parallel, pipeline, step } from 'shakedown'
import { expect, test } from 'vitest'
import * as z from 'zod'

function found() {
  const words: object = Object.groupBy(['tide', 'wind'], (word) => word.slice(0, 1))
  const pattern = /a/gu
  pattern.lastIndex = 3
  return { words, deep: new Map([[words, new Set([{ pattern }])]]) }
}

test('objects without a prototype, and where a regular expression goes on, survive a pause', async () => {
  const seen: ReturnType<typeof found>[] = []
  const words: unknown[] = []
  const look = step('look', (given: { find: ReturnType<typeof found> }, ctx) => {
    seen.push(given.find)
    words.push(ctx.context.get('words'))
  })
  const find = step('find', (_: unknown, ctx) => {
    const value = found()
    ctx.context.set('words', value.words)
    return value
  })
  const ask = approval('ask', { message: 'Go on?', schema: z.boolean() })
  const node = pipeline('p', parallel('both', { find, ask }), look)
  const engine = createEngine({ audit: memoryAudit() })
  const { runId } = await engine.run(node, undefined)
  await engine.resume(runId, true)
  const [value] = seen
  expect(value).toEqual(found())
  expect(Object.getPrototypeOf(words[0])).toBe(null)
  expect(Object.getPrototypeOf(value!.words)).toBe(null)
  const [[key, set]] = [...value!.deep] as [[object, Set<{ pattern: RegExp }>]]
  expect(key).toBe(value!.words)
  expect([...set][0]!.pattern.lastIndex).toBe(3)
  expect(Object.getPrototypeOf([...set][0])).toBe(Object.prototype)
})
