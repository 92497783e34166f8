import { expect, test } from 'vitest'
import { Lineage, Parents } from '../../../harness/oracles/lineage.ts'
import type { AuditRecord } from '../../../src/index.ts'

const token = (tokenId: string, ...parentIds: string[]) =>
  ({ kind: 'token', tokenId, parentIds }) as unknown as AuditRecord

/** One token forks into two, and these are joined. */
const parents = new Parents([
  token('root'),
  token('left', 'root'),
  token('right', 'root'),
  token('joined', 'left', 'right'),
])

test('what was noted before a fork counts in every branch, what one branch notes only there and after the join', () => {
  const notes = new Lineage<string>(parents)
  notes.note('root', 'before')
  expect(notes.latest('left')).toBe('before')
  notes.note('right', 'in the branch')
  expect([notes.latest('root'), notes.latest('left'), notes.latest('right'), notes.latest('joined')]).toEqual(
    ['before', 'before', 'in the branch', 'in the branch'],
  )
  notes.note('joined', 'after')
  expect([notes.latest('joined'), notes.latest('right')]).toEqual(['after', 'in the branch'])
})

test('no note is no note, of a token that nobody has heard of too, and a circle of tokens ends', () => {
  expect(new Lineage(parents).latest('joined')).toBeUndefined()
  const notes = new Lineage<string>(new Parents([token('a', 'b'), token('b', 'a')]))
  notes.note('elsewhere', 'something')
  expect(notes.latest('a')).toBeUndefined()
  expect(notes.latest('unheard of')).toBeUndefined()
})
