import { expect, test } from 'vitest'
import { doAll, remember } from '../../../harness/world/put-back.ts'

test('a value, a getter and nothing are there again', () => {
  const holder: Record<string, unknown> = { kept: 1, changed: 1 }
  const getter = (): string => 'before'
  Object.defineProperty(holder, 'read', { get: getter, configurable: true })
  const steps = ['kept', 'changed', 'read', 'added'].map((key) => remember(holder, key))
  holder['changed'] = 2
  holder['added'] = 2
  Object.defineProperty(holder, 'read', { get: () => 'after', configurable: true })
  doAll(steps)
  expect(holder).toEqual({ kept: 1, changed: 1 })
  expect(Object.getOwnPropertyDescriptor(holder, 'read')?.get).toBe(getter)
  expect('added' in holder).toBe(false)
})

test('a getter that is gone is there again, and what had no value', () => {
  const holder: Record<string, unknown> = { empty: undefined }
  Object.defineProperty(holder, 'read', { get: () => 'before', configurable: true })
  const steps = ['empty', 'read'].map((key) => remember(holder, key))
  delete holder['empty']
  delete holder['read']
  doAll(steps)
  expect([Object.hasOwn(holder, 'empty'), holder['read']]).toEqual([true, 'before'])
})

test('what a setter was given is given to it again, only where it was changed', () => {
  const given: unknown[] = []
  let level = 'low'
  const holder = {
    get level() {
      return level
    },
    set level(value: string) {
      given.push(value)
      level = value
    },
  }
  const putBack = remember(holder, 'level')
  putBack()
  expect(given).toEqual([])
  holder.level = 'high'
  putBack()
  expect(given).toEqual(['high', 'low'])
})

test('what has been locked is told by its name, and the others are put back', () => {
  const holder: Record<string, unknown> = { other: 1 }
  const steps = [remember(holder, 'locked'), remember(holder, 'other')]
  Object.defineProperty(holder, 'locked', { value: 2, configurable: false })
  holder['other'] = 2
  expect(() => doAll(steps)).toThrow(new TypeError('Cannot delete property: locked'))
  expect(holder['other']).toBe(1)
})

test('of several that fail, the first is told', () => {
  const failing = (message: string) => (): never => {
    throw new Error(message)
  }
  expect(() => doAll([failing('first'), failing('second')])).toThrow('first')
  expect(() => doAll([() => {}])).not.toThrow()
})
