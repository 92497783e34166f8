import { expect, test } from 'vitest'
import { createCleanText } from '../../../reporters/collect/clean-text.ts'
import { fingerprint } from '../../../reporters/collect/fingerprint.ts'
import { createProjectPaths } from '../../../reporters/collect/project-paths.ts'
import { WarningCounter } from '../../../reporters/collect/warning-counter.ts'
import { createRedactor } from '../../../src/base/redact/redactor.ts'

const text = createCleanText(createProjectPaths('/project/app'), createRedactor(['hunter22']))

test.each([
  ['retry 3 took 12.5 ms', 'retry 9 took 7 ms', 'retry # took # ms'],
  ["no such table 'orders'", 'no such table "lines"', 'no such table "…"'],
  ["slow query in '/srv/a/db.ts'", 'slow query in "C:\\\\x\\\\db.ts"', 'slow query in "…"'],
  ['at /srv/app/db.ts:12:3', 'at file:///home/x/y.ts:1:1', 'at <path>'],
  ['run 2fd4e1c67a2d28fced849ee1bb76e739 ended', 'run 0xdeadbeef12 ended', 'run # ended'],
  ['id 123e4567-e89b-12d3-a456-426614174000', 'id 00000000-0000-0000-0000-000000000000', 'id #'],
])('%j and %j mean the same', (one, other, folded) => {
  expect([fingerprint(one), fingerprint(other)]).toEqual([folded, folded])
})

test('messages that differ in words stay apart, and words that look like hex stay words', () => {
  expect(fingerprint('facade decade added')).toBe('facade decade added')
  expect(fingerprint('a is deprecated')).not.toBe(fingerprint('b is deprecated'))
})

test('a glued batch of single lines is counted exactly and folded line by line', () => {
  const counter = new WarningCounter(text)
  counter.add(
    { file: 'a.test.ts' },
    Array.from({ length: 3_000 }, (_, index) => `retry ${index}\n`).join(''),
    3_000,
  )
  counter.add({ file: 'a.test.ts' }, 'old\n', 1)
  counter.add(null, 'nobody knows\n', 1)
  expect(counter.drain(7)).toEqual([
    {
      type: 'warnings',
      atMs: 7,
      file: 'a.test.ts',
      count: 3_001,
      fingerprints: [
        { fingerprint: 'retry #', count: 3_000, sample: 'retry 0', location: null },
        { fingerprint: 'old', count: 1, sample: 'old', location: null },
      ],
      overflow: 0,
    },
    expect.objectContaining({ file: null, count: 1 }),
  ])
  expect(counter.drain(8)).toEqual([])
})

test('a batch of errors with their stacks is told apart, and no line of them is lost', () => {
  const counter = new WarningCounter(text)
  counter.add({ file: 'a' }, 'Error: a\n    at f (x.ts:1:1)\nold\nError: b\n    at g (x.ts:2:1)\n', 3)
  expect(counter.drain(0)[0]?.fingerprints.map(({ count, sample }) => [count, sample])).toEqual([
    [1, expect.stringMatching(/^Error: a\n\s+at f/)],
    [1, 'old'],
    [1, expect.stringMatching(/^Error: b\n\s+at g/)],
  ])
})

test.each([
  ['first\nsecond line\nthird\nfourth\n', 3],
  ['retrying\norder 7\n  stock is low\n', 2],
  ['old:\n  use b\nold:\n  use c\n', 2],
])('a batch that cannot be told apart is counted, shown whole and said to be one: %j', (content, count) => {
  const counter = new WarningCounter(text)
  counter.add({ file: 'a' }, content, count)
  const sample = `(several warnings, not told apart) ${content.trimEnd()}`
  expect(counter.drain(0)[0]).toMatchObject({ count, fingerprints: [{ count, sample }] })
})

test('a file with endless different warnings keeps fifty of them and the exact count', () => {
  const counter = new WarningCounter(text)
  const words = Array.from(
    { length: 1_000 },
    (_, index) => `${String.fromCharCode(97 + (index % 26), 97 + Math.floor(index / 26))}\n`,
  )
  counter.add({ file: 'a' }, words.join(''), 1_000)
  const [event] = counter.drain(0)
  expect(event).toMatchObject({ count: 1_000, overflow: 950 })
  expect(event?.fingerprints).toHaveLength(50)
})

test('a flood is counted to the last one, by kind too', () => {
  const counter = new WarningCounter(text)
  for (let batch = 0; batch < 300; batch += 1)
    counter.add({ file: 'a' }, `retry ${batch}\n`.repeat(1_000), 1_000)
  expect(counter.drain(0)[0]).toMatchObject({
    count: 300_000,
    overflow: 0,
    fingerprints: [{ count: 300_000 }],
  })
})

test('of endless different texts of one kind the first are told apart, and all are counted', () => {
  const counter = new WarningCounter(text)
  const letters = (index: number): string =>
    Array.from(String(index), (digit) => 'abcdefghij'[Number(digit)]).join('')
  for (let index = 0; index < 5_000; index += 1)
    counter.add({ file: 'a' }, `in /srv/${letters(index)}/db.ts\n`, 1)
  expect(counter.drain(0)[0]).toMatchObject({
    count: 5_000,
    overflow: 3_000,
    fingerprints: [{ fingerprint: 'in <path>', count: 2_000, sample: 'in /srv/a/db.ts' }],
  })
})

test('neither a sample nor a fingerprint holds a secret or a colour', () => {
  const counter = new WarningCounter(text)
  counter.add({ file: 'a' }, '\u001B[33mlogin hunter22\u001B[39m\n', 1)
  expect(counter.drain(0)[0]?.fingerprints).toEqual([
    { fingerprint: 'login [redacted]', count: 1, sample: 'login [redacted]', location: null },
  ])
})
