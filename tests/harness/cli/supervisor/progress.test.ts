import { expect, test } from 'vitest'
import { Progress, progressLine } from '../../../../harness/cli/supervisor/progress.ts'
import type { ProgressMessage } from '../../../../harness/cli/supervisor/messages.ts'

const news: ProgressMessage = { kind: 'progress', files: 12, filesDone: 3, testsDone: 47, failed: 0 }

test('progress is told in files, tests and time', () => {
  expect(progressLine(news, 4210)).toBe('shakedown: 3 of 12 files, 47 tests, 4.2 s')
  expect(progressLine({ ...news, failed: 1 }, 65_000)).toBe(
    'shakedown: 3 of 12 files, 47 tests, 1 failed, 1 min 5 s',
  )
  expect(progressLine(undefined, 800)).toBe('shakedown: starting, 800 ms')
})

function written(isTerminal: boolean, silent: boolean): string {
  let text = ''
  const progress = new Progress(
    { write: (part) => (text += part), isTerminal, color: false, width: 80 },
    silent,
  )
  progress.update(news)
  progress.say('stopping')
  progress.end()
  return text
}

test('a sentence takes the place of the line on a terminal and leaves it clean', () => {
  expect(written(true, false)).toBe('\r\u001B[2Kstopping\n\r\u001B[2K')
})

test('elsewhere, and beside somebody else who writes, nothing is ever taken back', () => {
  expect(written(false, false)).toBe('stopping\n')
  expect(written(true, true)).toBe('stopping\n')
})
