import path from 'node:path'
import { globSync } from 'tinyglobby'
import { expect, test } from 'vitest'
import { partNamed, PARTS } from './scope.ts'

const cwd = path.resolve(import.meta.dirname, '../../..')

test.for(PARTS.flatMap(({ mutated, killers }) => mutated.concat(killers)))(
  '%s is there: a room that moved is not left out of the proof',
  (pattern) => {
    expect(globSync(pattern, { cwd })).not.toEqual([])
  },
)

test('a part that is not in the list is refused, with those that are', () => {
  expect(partNamed('engine').name).toBe('engine')
  expect(() => partNamed('audit')).toThrow('Expected MUTATED_PART to be engine or world or judge, got audit.')
})

test('each pattern is of one kind of file: where several share one in braces, a file that moved is not missed', () => {
  expect(
    PARTS.flatMap(({ mutated, killers }) => mutated.concat(killers)).filter((each) => each.includes('{')),
  ).toEqual([])
})
