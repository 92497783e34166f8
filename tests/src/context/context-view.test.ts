import { expect, test } from 'vitest'
import { RunContext } from '../../../src/context/run-context.ts'

const VIEW_START = { list: [1, 2], object: { a: 1 }, text: 'x', gone: 1 }

test('has and keys know what was set, deleted and appended to, before anything is committed', () => {
  const context = new RunContext(VIEW_START)
  const view = context.view()
  expect(['list', 'nowhere'].map((key) => view.has(key))).toEqual([true, false])
  view.set('new', undefined)
  view.delete('gone')
  view.append('log', 'a')
  view.get('object')
  expect(['new', 'gone', 'log', 'object'].map((key) => view.has(key))).toEqual([true, false, true, true])
  expect(view.keys()).toEqual(['list', 'object', 'text', 'new', 'log'])
  expect(context.view().keys()).toEqual(['list', 'object', 'text', 'gone'])
})

test('an append after each kind of write is what a push to the value would be', () => {
  const context = new RunContext(VIEW_START)
  const view = context.view()
  view.append('list', 3)
  view.append('list', 4)
  view.delete('gone')
  view.append('gone', 'again')
  view.append('gone', 'and again')
  view.set('set', ['a'])
  view.append('set', 'b')
  view.set('open', undefined)
  view.append('open', 'first')
  expect(view.get('gone')).toEqual(['again', 'and again'])
  view.commit()
  expect(context.snapshot()).toEqual({
    list: [1, 2, 3, 4],
    object: { a: 1 },
    text: 'x',
    gone: ['again', 'and again'],
    set: ['a', 'b'],
    open: ['first'],
  })
})

test('what was appended is read, and what is appended after reading is in the list that was read', () => {
  const context = new RunContext(VIEW_START)
  const view = context.view()
  view.append('list', 3)
  const read = view.get('list')
  expect(read).toEqual([1, 2, 3])
  view.append('list', 4)
  expect(read).toEqual([1, 2, 3, 4])
  expect(view.get('list')).toBe(read)
  view.commit()
  expect(context.snapshot()).toMatchObject({ list: [1, 2, 3, 4] })
})

test.for<[string, (list: unknown[]) => void, unknown[]]>([
  ['an earlier item is changed', (list) => (list[0] = 9), [9, 2, 3, 'other']],
  ['the last item of the start is changed', (list) => (list[1] = 9), [1, 9, 3, 'other']],
  ['the appended item is replaced', (list) => (list[2] = 9), [1, 2, 9, 'other']],
  ['one of two appended items is replaced', (list) => (list.push(4), (list[2] = 9)), [1, 2, 9, 4, 'other']],
  ['the appended item is taken back', (list) => list.pop(), [1, 2, 'other']],
])('when %s the list is set, and not only appended to', ([, change, expected]) => {
  const context = new RunContext(VIEW_START)
  const view = context.view()
  const list = view.get('list') as unknown[]
  view.append('list', 3)
  change(list)
  view.append('list', 'other')
  view.commit()
  expect(context.snapshot()['list']).toEqual(expected)
})

test('two views that append to one list both count; one that set it in between wins over the start', () => {
  const context = new RunContext(VIEW_START)
  const [first, second, third] = [context.view(), context.view(), context.view()]
  first.append('list', 'first')
  ;(second.get('list') as unknown[]).push('pushed')
  third.append('list', 'third')
  first.commit()
  third.commit()
  expect(context.snapshot()['list']).toEqual([1, 2, 'first', 'third'])
  second.commit()
  expect(context.snapshot()['list']).toEqual([1, 2, 'pushed'])
})

test.for<[unknown, string]>([
  [null, 'null'],
  ['x', '"x"'],
  [5, '5'],
  [{}, 'an object'],
])('an append to %o is refused in words', ([value, got]) => {
  const message = `Expected context key 'k' to hold a list to append to, got ${got}.`
  expect(() => new RunContext({ k: value }).view().append('k', 1)).toThrow(message)
  const view = new RunContext({}).view()
  view.set('k', value)
  expect(() => view.append('k', 1)).toThrow(message)
})

test('a view that wrote nothing new commits nothing', () => {
  const context = new RunContext(VIEW_START)
  const before = context.now
  const view = context.view()
  view.get('list')
  view.get('object')
  view.get('text')
  view.delete('nowhere')
  view.commit()
  context.view().commit()
  expect(context.now).toBe(before)
})

test('many keys set one after the other, some of them deleted, are what a plain object holds', () => {
  const context = new RunContext({})
  const expected: Record<string, unknown> = {}
  for (let at = 0; at < 60; at++) {
    const view = context.view()
    view.set(`k${at}`, at)
    expected[`k${at}`] = at
    if (at % 3 === 0) {
      view.delete(`k${at / 3}`)
      delete expected[`k${at / 3}`]
    }
    view.commit()
    expect(context.snapshot()).toEqual(expected)
    expect(context.view().keys()).toEqual(Object.keys(expected))
  }
})

test('several items appended after the list was read are appended beside those of others', () => {
  const context = new RunContext(VIEW_START)
  const [reader, other] = [context.view(), context.view()]
  reader.get('list')
  for (const item of ['a', 'b', 'c']) reader.append('list', item)
  other.append('list', 'other')
  other.commit()
  reader.commit()
  expect(context.snapshot()['list']).toEqual([1, 2, 'other', 'a', 'b', 'c'])
})

test('a key that holds undefined holds no list yet, and can be appended to', () => {
  const context = new RunContext({ open: undefined })
  const view = context.view()
  expect(view.has('open')).toBe(true)
  view.append('open', 'first')
  view.commit()
  expect(context.snapshot()).toEqual({ open: ['first'] })
})

test('a list that was set stays its setter’s: what is appended is in the view alone', () => {
  const own = [0]
  const context = new RunContext(undefined)
  const view = context.view()
  view.set('list', own)
  view.append('list', 1)
  view.append('list', 2)
  expect(own).toEqual([0])
  expect(view.get('list')).toEqual([0, 1, 2])
  view.commit()
  expect(context.snapshot()).toEqual({ list: [0, 1, 2] })
})
