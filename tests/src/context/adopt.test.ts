import { expect, test } from 'vitest'
import type { Change } from '../../../src/context/context-values.ts'
import { SharedList } from '../../../src/context/context-values.ts'
import { RunContext } from '../../../src/context/run-context.ts'

const append = (...items: unknown[]): ReadonlyMap<string, Change> =>
  new Map([['list', { kind: 'append', items }]])
const listOf = (context: RunContext): unknown => context.snapshot()['list']

test('what forks inside forks append is adopted level by level, and only what is adopted counts', () => {
  const run = new RunContext({ list: ['a'] })
  const outer = run.fork()
  for (const item of ['b', 'c', 'lost', 'd']) {
    const inner = outer.fork()
    inner.commit(append(item))
    if (item !== 'lost') outer.adopt(inner)
  }
  expect([listOf(run), listOf(outer)]).toEqual([['a'], ['a', 'b', 'c', 'd']])
  expect(outer.changes()).toEqual(append('b', 'c', 'd'))
  run.adopt(outer)
  expect(listOf(run)).toEqual(['a', 'b', 'c', 'd'])
})

test('a fork is adopted by what it changed where something was committed since', () => {
  const run = new RunContext({ list: ['a'], other: 1 })
  const fork = run.fork()
  fork.commit(append('mine'))
  run.commit(new Map([['other', { kind: 'set', value: 2 }]]))
  run.adopt(fork)
  expect(run.snapshot()).toEqual({ list: ['a', 'mine'], other: 2 })
})

test('what a fork set or deleted is told to the context around the one that adopts it', () => {
  const run = new RunContext({ gone: 1 })
  const outer = run.fork()
  const inner = outer.fork()
  inner.commit(
    new Map<string, Change>([
      ['gone', { kind: 'delete' }],
      ['new', { kind: 'set', value: 2 }],
    ]),
  )
  outer.adopt(inner)
  run.adopt(outer)
  expect(run.snapshot()).toEqual({ new: 2 })
})

test('moments of a list that several others were grown from are what they were, however long it is', () => {
  const numbers = (count: number, from = 0): number[] =>
    Array.from({ length: count }, (_, index) => from + index)
  for (const length of [3, 64, 65, 500]) {
    const base = new SharedList(numbers(length))
    const first = base.plus(['x'])
    const second = base.plus(['y', 'z'])
    const third = base.plus([])
    const deep = second.plus(['1']).plus(['2'])
    const beside = second.plus(['3'])
    expect(base.read()).toEqual(numbers(length))
    expect(first.read()).toEqual([...numbers(length), 'x'])
    expect(second.read()).toEqual([...numbers(length), 'y', 'z'])
    expect(third.read()).toEqual(numbers(length))
    expect(deep.read()).toEqual([...numbers(length), 'y', 'z', '1', '2'])
    expect(beside.read()).toEqual([...numbers(length), 'y', 'z', '3'])
    expect(deep.read(length + 1)).toEqual(['z', '1', '2'])
    expect(deep.read(length - 1)).toEqual([length - 1, 'y', 'z', '1', '2'])
    expect([base, first, second, third, deep, beside].map((list) => list.length - length)).toEqual([
      0, 1, 2, 0, 4, 3,
    ])
  }
})

test('a list that branches append to a thousand times is read in order', () => {
  let list = new SharedList([])
  const expected: number[] = []
  for (let turn = 0; turn < 1_000; turn++) {
    list.plus([`beside ${turn}`])
    list = list.plus([turn, -turn])
    expected.push(turn, -turn)
  }
  expect(list.read()).toEqual(expected)
  expect(list.read(1_999)).toEqual([-999])
})
