import { createEngine, pipeline, step } from 'shakedown'
import { expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'

// Each expected error lies on the line below its comment and nowhere else, so the compiler also proves which argument
// it is that the error points at.

const count = step('count', (text: string) => text.length)
const half = step('half', (n: number) => n / 2)
const shout = step('shout', (text: string) => text.toUpperCase())

test('a pipeline has at least one node, and a fallback is to something', () => {
  // @ts-expect-error no node
  expect(() => pipeline('p')).toThrow('at least one node')
  // @ts-expect-error no fallback
  expect(() => count.fallback()).toThrow('at least one node')
})

test('a wrong connection blames the node that is given what it does not take', () => {
  pipeline(
    'second',
    count,
    // @ts-expect-error a number goes into a step that takes text
    shout,
  )
  pipeline(
    'in the middle',
    count,
    half,
    // @ts-expect-error a number goes into a step that takes text
    shout,
    count,
    half,
  )
  pipeline(
    'nested',
    shout,
    // @ts-expect-error text goes into a pipeline that takes a number
    pipeline('inner', half, half),
  )
  pipeline(
    'built by a program',
    // @ts-expect-error one output is not the next one's input
    [count, count],
  )
})

test('a list of nodes of one type is a pipeline of that type', async () => {
  const halves = pipeline(
    'halves',
    Array.from({ length: 20 }, (_, index) => step(`half ${index}`, (n: number) => n / 2)),
  )
  const result = await createEngine().run(halves, 2 ** 20)
  expectTypeOf(result.output).toEqualTypeOf<number | undefined>()
  expect(result).toMatchObject({ output: 1, attempts: 20 })
})

test('a fallback has to take what the primary takes, wherever it is in the chain', () => {
  count.fallback(
    count,
    // @ts-expect-error it would be given text
    half,
    shout,
  )
})

test('a validator judges the output the step has', () => {
  const text = (): Promise<string> => Promise.resolve('text')
  step('v', text, { validate: z.string().min(2) })
  step('v', text, { validate: z.literal('text') })
  step('v', text, { validate: z.unknown() })
  step('v', text, { validate: (output: string) => output !== '' })
  // @ts-expect-error the output is text
  step('v', text, { validate: z.number() })
  // @ts-expect-error the output is text
  step('v', text, { validate: (output: number) => output > 1 })
})

test('a schema may ask for more than the type says, for less, or for some parts of it', () => {
  const row = () => ({ id: 1, name: 'x' as string | null, tags: ['a'] })
  type Row = ReturnType<typeof row>
  step('v', row, { validate: z.object({ id: z.number() }) })
  step('v', row, { validate: z.object({ name: z.literal('x') }) })
  step('v', row, { validate: z.object({ name: z.string(), tags: z.array(z.enum(['a', 'b'])) }) })
  step('v', (): Row | null => row(), { validate: z.object({ name: z.string() }) })
  step('v', (): string | Row => row(), { validate: z.object({ name: z.string() }) })
  step('v', (): string => 'x', { validate: z.string().brand('marked') })
  step('v', (): readonly string[] => [], { validate: z.array(z.string()) })
  step('v', (): readonly [string, number] => ['x', 1], { validate: z.tuple([z.string(), z.number()]) })
  step('v', (): unknown => row(), { validate: z.object({ id: z.number() }) })
  // @ts-expect-error the id is a number
  step('v', row, { validate: z.object({ id: z.string() }) })
  // @ts-expect-error tags are text
  step('v', row, { validate: z.object({ tags: z.array(z.number()) }) })
})

test('a schema of another kind than the output is refused: no value is of both', () => {
  // @ts-expect-error a text is no object
  step('v', (): string => 'x', { validate: z.object({ id: z.number() }) })
  // @ts-expect-error an object is no text
  step('v', () => ({ id: 1 }), { validate: z.string() })
  // @ts-expect-error a number is no list
  step('v', () => 1, { validate: z.array(z.number()) })
  // @ts-expect-error a list is no object
  step('v', () => ['x'], { validate: z.object({ id: z.number() }) })
  // @ts-expect-error an object is no list
  step('v', () => ({ id: 1 }), { validate: z.array(z.unknown()) })
})

test('options of a wrong kind are refused where they stand', () => {
  expect(() =>
    step('o', () => 1, {
      retries: 1,
      // @ts-expect-error a number of milliseconds
      timeoutMs: '5s',
    }),
  ).toThrow('`timeoutMs`')
})

test('a run is given what its pipeline takes', async () => {
  const engine = createEngine()
  const run = engine.run(
    count,
    // @ts-expect-error the pipeline takes text
    7,
  )
  expect((await run).output).toBeUndefined()
})
