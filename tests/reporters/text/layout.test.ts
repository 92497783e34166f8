import { expect, test } from 'vitest'
import { OutputTail } from '../../../harness/cli/supervisor/output-tail.ts'
import { fold, prose, table } from '../../../reporters/text/layout.ts'

test('prose is broken at blanks; code frames keep their shape', () => {
  expect(prose(`${'word '.repeat(20).trim()}\n\n    indented ^^^^`)).toBe(
    `${'word '.repeat(16).trim()}\n${'word '.repeat(4).trim()}\n\n    indented ^^^^`,
  )
})

test('text without blanks is folded where the line ends, wide characters counted twice', () => {
  expect(fold('abcdefgh', 3)).toBe('abc\ndef\ngh')
  expect(fold('日本語', 4)).toBe('日本\n語')
})

test('columns line up whatever the letters', () => {
  expect(
    table([
      ['a', 'b', 'c'],
      ['日本', 'bb', 'c'],
    ]),
  ).toEqual(['a     b   c', '日本  bb  c'])
})

test('cells stay on their line', () => {
  expect(table([['a\nb\u0007', 'c']])).toEqual(['a ⏎ b␇  c'])
})

test('of a long output the last lines are remembered, characters cut between chunks made whole', () => {
  const words = new OutputTail()
  words.add(Buffer.from('line\n'.repeat(100_000)))
  const last = Buffer.from('the end: ✗\n\n')
  words.add(last.subarray(0, 10))
  words.add(last.subarray(10))
  expect(words.text()).toBe(`${'line\n'.repeat(9)}the end: ✗`)
})
