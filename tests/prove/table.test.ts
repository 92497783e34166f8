import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { Progress, tableOf } from './table.ts'

test('columns are as wide as their widest cell, and numbers stand right', () => {
  const rows = [
    ['subject', 'runs'],
    ['p-retry', '710'],
    ['ws', '7', 'a finding'],
  ]
  expect(tableOf(rows)).toBe('subject  runs\np-retry   710\nws          7  a finding')
})

test('off a terminal each step is a line of its own, and nothing is taken away', async () => {
  const written = new PassThrough()
  const stream = written as unknown as NodeJS.WriteStream
  const progress = new Progress(stream)
  progress.show('1 of 2: p-retry')
  progress.show('2 of 2: ws')
  progress.done()
  written.end()
  expect(await text(written)).toBe('1 of 2: p-retry\n2 of 2: ws\n')
})
