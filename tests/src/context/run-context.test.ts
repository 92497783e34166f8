import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ContextView } from '../../../src/context/context-view.ts'
import { RunContext } from '../../../src/context/run-context.ts'

test('a view is a snapshot: it never sees what is committed after it was taken', () => {
  const context = new RunContext({ list: ['a'], gone: 1 })
  const stale = context.view()
  const later = context.view()
  later.append('list', 'b')
  later.set('new', 1)
  later.delete('gone')
  later.commit()
  expect(stale.get('list')).toEqual(['a'])
  expect(stale.keys()).toEqual(['list', 'gone'])
  expect(context.snapshot()).toEqual({ list: ['a', 'b'], new: 1 })
})

test('a moment can be looked at later', () => {
  const context = new RunContext({ n: 1 })
  const moment = context.now
  const writer = context.view()
  writer.set('n', 2)
  writer.commit()
  expect(context.view(moment).get('n')).toBe(1)
  expect(context.view().get('n')).toBe(2)
})

test('reading an object is no write: what others committed to it meanwhile stays', () => {
  const context = new RunContext({ shared: { by: 'start', deep: new Map([['k', [new Date(0)]]]) } })
  const reader = context.view()
  reader.get('shared')
  const writer = context.view()
  ;(writer.get('shared') as { by: string }).by = 'writer'
  writer.commit()
  reader.commit()
  expect(context.snapshot()).toMatchObject({ shared: { by: 'writer' } })
})

test.for<[string, unknown, (value: never) => void]>([
  ['a property', { a: { b: 1 } }, (value: { a: { b: number } }) => value.a.b++],
  ['a new key', { a: 1 }, (value: { b?: number }) => (value.b = 1)],
  ['a key that is gone', { a: 1 }, (value: { a?: number }) => delete value.a],
  ['an item', [1, 2], (value: number[]) => (value[0] = 3)],
  ['an item moved', [1, 2], (value: number[]) => value.copyWithin(0, 1)],
  ['a list that is shorter', [1, 2], (value: number[]) => value.pop()],
  ['a map’s value', new Map([[1, { n: 1 }]]), (value: Map<number, { n: number }>) => value.get(1)!.n++],
  ['a set’s item', new Set([1]), (value: Set<number>) => value.add(2)],
  ['a date', new Date(0), (value: Date) => value.setTime(1)],
  ['a byte', new Uint8Array([1, 2]), (value: Uint8Array) => (value[1] = 9)],
  ['a byte of a Buffer', Buffer.from('ab'), (value: Buffer) => (value[1] = 9)],
  ['a symbol', { [Symbol.for('s')]: 1 }, (value: Record<symbol, number>) => value[Symbol.for('s')]!++],
])('a change of %s in what was read is a write', ([, value, change]) => {
  const context = new RunContext({ value })
  const view = context.view()
  const read = view.get('value')
  change(read as never)
  view.commit()
  expect(context.snapshot()).toStrictEqual({ value: read })
  expect(context.snapshot()).not.toStrictEqual({ value })
})

test('a shared graph 30 levels deep is read, compared and committed at once', () => {
  let graph: unknown = { leaf: 1 }
  for (let level = 0; level < 30; level++) graph = { left: graph, right: graph }
  const context = new RunContext({ graph })
  const moment = context.now
  const view = context.view()
  view.get('graph')
  view.commit()
  expect(context.now).toBe(moment)
})

test('items appended by a view that read the list, too, are appends beside those of others', () => {
  const context = new RunContext({ list: ['a'] })
  const first = context.view()
  first.get('list')
  first.append('list', 'first')
  expect(first.get('list')).toEqual(['a', 'first'])
  const second = context.view()
  second.append('list', 'second')
  expect(second.get('list')).toEqual(['a', 'second'])
  second.commit()
  first.commit()
  expect(context.snapshot()).toEqual({ list: ['a', 'second', 'first'] })
})

test('an append to what is not a list is refused in its own line', () => {
  const view = new RunContext({ n: 1, nothing: null }).view()
  expect(() => view.append('n', 1)).toThrow("Expected context key 'n' to hold a list to append to, got 1.")
  expect(() => view.append('nothing', 1)).toThrow('got null.')
  view.set('text', 'x')
  expect(() => view.append('text', 1)).toThrow('got "x".')
})

test('what was committed belongs to the context: old references write to nothing', () => {
  const context = new RunContext(undefined)
  const view = context.view()
  const mine = { n: 1 }
  view.set('object', mine)
  view.append('list', mine)
  view.commit()
  mine.n = 2
  ;(context.snapshot()['object'] as { n: number }).n = 3
  expect(context.snapshot()).toEqual({ object: { n: 1 }, list: [{ n: 1 }] })
})

test('two keys given one list at the start grow apart', () => {
  const list = ['a']
  const context = new RunContext({ one: list, two: list, nested: { list } })
  const view = context.view()
  view.append('one', 'b')
  view.commit()
  expect(context.snapshot()).toEqual({ one: ['a', 'b'], two: ['a'], nested: { list: ['a'] } })
})

test('a value that cannot be copied commits nothing, and the error says where it is', () => {
  const context = new RunContext(undefined)
  const view = context.view()
  view.set('fine', 1)
  view.append('bad', {
    get x() {
      throw new Error('trap')
    },
  })
  expect(() => view.commit()).toThrow(/^Context key 'bad': .* whose part \[0\]\.x cannot be read: trap/)
  expect(context.snapshot()).toEqual({})
})

test('a fork and its origin do not see each other’s commits, and the fork knows what it changed', () => {
  const context = new RunContext({ list: ['a'], n: 1, gone: 1, untouched: {} })
  const [left, right] = [context.fork(), context.fork()]
  for (const [name, fork] of Object.entries({ left, right })) {
    for (const round of [1, 2]) {
      const view = fork.view()
      view.append('list', `${name} ${round}`)
      view.append('fresh', round)
      view.get('untouched')
      view.set('n', name)
      view.delete('gone')
      view.commit()
    }
  }
  expect(context.snapshot()).toEqual({ list: ['a'], n: 1, gone: 1, untouched: {} })
  expect(left.snapshot()).toMatchObject({ list: ['a', 'left 1', 'left 2'], n: 'left' })
  expect(Object.fromEntries(right.changes())).toEqual({
    list: { kind: 'append', items: ['right 1', 'right 2'] },
    fresh: { kind: 'append', items: [1, 2] },
    n: { kind: 'set', value: 'right' },
    gone: { kind: 'delete' },
  })
  context.commit(left.changes())
  context.commit(right.changes())
  expect(context.snapshot()).toEqual({
    list: ['a', 'left 1', 'left 2', 'right 1', 'right 2'],
    fresh: [1, 2, 1, 2],
    n: 'right',
    untouched: {},
  })
  expect(left.snapshot()).toMatchObject({ list: ['a', 'left 1', 'left 2'] })
})

test('forks that both append to a key that held undefined both count', () => {
  const context = new RunContext({ log: undefined })
  const [left, right] = [context.fork(), context.fork()]
  for (const [name, fork] of Object.entries({ left, right })) {
    const view = fork.view()
    view.append('log', name)
    view.commit()
  }
  context.commit(left.changes())
  context.commit(right.changes())
  expect(context.snapshot()).toEqual({ log: ['left', 'right'] })
})

test('a context that was committed to fifty thousand times is read like any other', () => {
  const context = new RunContext({ start: 1 })
  for (let value = 1; value <= 50_000; value++) context.commit(new Map([['n', { kind: 'set', value }]]))
  expect(context.view().keys()).toEqual(['start', 'n'])
  expect(context.view().get('start')).toBe(1)
  expect(context.snapshot()).toEqual({ start: 1, n: 50_000 })
})

test('a fork’s list that was replaced before it was appended to is a set', () => {
  const fork = new RunContext({ list: ['a'] }).fork()
  const view = fork.view()
  view.set('list', ['b'])
  view.commit()
  const next = fork.view()
  next.append('list', 'c')
  next.commit()
  expect(fork.changes()).toEqual(new Map([['list', { kind: 'set', value: ['b', 'c'] }]]))
})

/** Keys few enough to meet again, many enough to make layers. */
const key = fc.nat(40).map((n) => `k${n}`)
const command = fc.oneof(
  fc.record({ do: fc.constant('set' as const), key, value: fc.oneof(fc.nat(), fc.array(fc.nat())) }),
  fc.record({ do: fc.constant('append' as const), key, value: fc.nat() }),
  fc.record({ do: fc.constant('delete' as const), key, value: fc.constant(0) }),
  fc.record({ do: fc.constant('read' as const), key, value: fc.constant(0) }),
)

/** Does a command to a view and to the plain object that a view is told from; the two outcomes, which must be equal. */
function both(view: ContextView, model: Record<string, unknown>, at: string, verb: string, value: unknown) {
  switch (verb) {
    case 'set':
      view.set(at, structuredClone(value))
      model[at] = structuredClone(value)
      break
    case 'delete':
      view.delete(at)
      delete model[at]
      break
    case 'append': {
      const list = model[at] ?? []
      if (Array.isArray(list)) model[at] = [...(list as unknown[]), value]
      try {
        view.append(at, value)
      } catch (error) {
        return [error instanceof TypeError, typeof list === 'number']
      }
    }
  }
  return verb === 'read' ? [view.get(at), model[at]] : [view.has(at), at in model]
}

test('commits one after the other make what writes to a plain object make, and no snapshot ever changes', () => {
  fc.assert(
    fc.property(fc.array(fc.array(command, { maxLength: 6 }), { maxLength: 60 }), (attempts) => {
      const context = new RunContext(undefined)
      const model: Record<string, unknown> = {}
      const moments: { readonly view: ContextView; readonly values: unknown }[] = []
      for (const commands of attempts) {
        moments.push({ view: context.view(), values: structuredClone(model) })
        const view = context.view()
        for (const { do: verb, key: at, value } of commands) {
          const [got, expected] = both(view, model, at, verb, value)
          expect(got).toEqual(expected)
        }
        expect(view.keys().toSorted()).toEqual(Object.keys(model).toSorted())
        view.commit()
        expect(context.snapshot()).toEqual(model)
      }
      for (const { view, values } of moments) {
        expect(Object.fromEntries(view.keys().map((at) => [at, view.get(at)]))).toEqual(values)
      }
    }),
  )
})
