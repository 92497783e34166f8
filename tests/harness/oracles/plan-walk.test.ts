import { pipeline, step } from 'shakedown'
import { expect, test } from 'vitest'
import { fallbackPartsIn, stepAt } from '../../../harness/oracles/plan-walk.ts'
import { planOf } from '../../../src/run/plan-of.ts'

const make = (name: string) => step(name, () => 1)

/** What each path is, and to which fallback node. */
function partsOf(node: Parameters<typeof planOf>[0]): Record<string, string[]> {
  const parts = [...fallbackPartsIn(planOf(node))]
  return Object.fromEntries(
    parts.map(([path, each]) => [path, each.map(({ fallback, part }) => `${part} of ${fallback.path}`)]),
  )
}

test('a path is everything that it is to each fallback node', () => {
  expect(partsOf(pipeline('p', make('before'), make('a').fallback(make('b'))))).toEqual({
    'p/a': ['whole of p/a'],
    'p/a/a': ['primary of p/a', 'first-of-primary of p/a'],
    'p/a/b': ['fallback of p/a', 'first-of-fallback of p/a'],
  })
})

test('of a pipeline as a fallback every step is one, and the first gets the input of the whole', () => {
  const inner = pipeline('inner', make('c'), make('d'))
  expect(partsOf(make('a').fallback(pipeline('b', inner, make('e'))))).toEqual({
    a: ['whole of a'],
    'a/a': ['primary of a', 'first-of-primary of a'],
    'a/b/inner/c': ['fallback of a', 'first-of-fallback of a'],
    'a/b/inner/d': ['fallback of a'],
    'a/b/e': ['fallback of a'],
  })
})

test('in a chain a step is what it is to the node around it and to the ones further out', () => {
  expect(partsOf(make('a').fallback(make('b'), make('c')))).toEqual({
    a: ['whole of a'],
    'a/a': ['primary of a', 'first-of-primary of a'],
    'a/b': ['whole of a/b'],
    'a/b/b': ['fallback of a', 'first-of-fallback of a', 'primary of a/b', 'first-of-primary of a/b'],
    'a/b/c': ['fallback of a', 'fallback of a/b', 'first-of-fallback of a/b'],
  })
})

test('without a plan there is nothing to find, and a path that is no step is none', () => {
  expect(stepAt(undefined, 'a')).toBeUndefined()
  expect(fallbackPartsIn(undefined).size).toBe(0)
  const plan = planOf(pipeline('p', make('a')))
  expect(stepAt(plan, 'p/a')?.path).toBe('p/a')
  expect(stepAt(plan, 'p')).toBeUndefined()
})
