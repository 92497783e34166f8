import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { withBrokenLanguage } from './with-broken-language.ts'

test('a message that comes while the language is broken is heard when it is mended, other events at once', () => {
  const receiver = new EventEmitter()
  const heard: unknown[] = []
  let broken = false
  for (const name of ['message', 'exit']) receiver.on(name, (what) => heard.push([name, what, broken]))
  const mend = withBrokenLanguage(() => {
    broken = true
    return () => void (broken = false)
  }, receiver)
  receiver.emit('message', 1)
  receiver.emit('exit', 2)
  receiver.emit('message', 3)
  mend()
  receiver.emit('message', 4)
  expect(heard).toEqual([
    ['exit', 2, true],
    ['message', 1, false],
    ['message', 3, false],
    ['message', 4, false],
  ])
})
