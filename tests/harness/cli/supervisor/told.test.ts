import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sealOf } from '../../../../harness/cli/supervisor/file-seal.ts'
import type { ChildMessage } from '../../../../harness/cli/supervisor/messages.ts'
import { Told } from '../../../../harness/cli/supervisor/told.ts'

const WELL = { kind: 'finished', exitCode: 0, complaints: '' } as const
const CLOSING: ChildMessage = { kind: 'closing', limitMs: 1 }
let folder: string
let journal: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'shakedown-told-'))
  journal = path.join(folder, 'run.jsonl')
  file = path.join(folder, 'report.json')
  writeFileSync(journal, '{}\n')
  writeFileSync(file, 'whole')
})

afterEach(() => rmSync(folder, { recursive: true }))

function reported(exitCode: 0 | 1 = 0): ChildMessage & { kind: 'reported' } {
  const seal = sealOf(file)
  return { kind: 'reported', exitCode, text: '', journalBytes: 3, files: seal === undefined ? [] : [seal] }
}

function progress(failed: number): ChildMessage {
  return { kind: 'progress', files: 1, filesDone: 1, testsDone: 1, failed }
}

function told(...messages: readonly ChildMessage[]): Told {
  const heard = new Told()
  heard.hear({ kind: 'started', journal, files: 1 })
  for (const message of messages) heard.hear(message)
  return heard
}

test('a report that was told once, before closing, and is as it was holds', () => {
  expect(told(progress(0), reported(), CLOSING).reportThatHolds(WELL)).toEqual(reported())
  expect(told(progress(1), reported(1), CLOSING).reportThatHolds(WELL)).toEqual(reported(1))
})

test.each<[string, () => readonly ChildMessage[]]>([
  ['nothing', () => []],
  ['a pass after a failed test', () => [progress(1), reported()]],
  ['a pass after a failed test that is taken back', () => [progress(1), progress(0), reported()]],
  ['two reports', () => [reported(), reported()]],
  ['two reports that differ', () => [reported(1), reported()]],
  ['a report after closing has begun', () => [CLOSING, reported()]],
  ['a report of another journal', () => [{ ...reported(), journalBytes: 4 }]],
  [
    'a journal that could not be written',
    () => [
      reported(),
      { kind: 'unwritten', text: '', error: { code: 'E_X', message: 'x', hint: undefined } },
    ],
  ],
])('%s does not hold', (_what, messages) => {
  expect(told(...messages()).reportThatHolds(WELL)).toBeUndefined()
})

test.each<[string, () => void]>([
  ['removed', () => rmSync(file)],
  ['longer', () => writeFileSync(file, 'whole and more')],
  ['written again', () => utimesSync(file, 1, 1)],
  [
    'a folder',
    () => {
      rmSync(file)
      mkdirSync(file)
    },
  ],
  [
    'a link',
    () => {
      rmSync(file)
      symlinkSync(journal, file)
    },
  ],
  [
    'below a file',
    () => {
      rmSync(folder, { recursive: true })
      writeFileSync(folder, '')
    },
  ],
])('a report that is %s since does not hold', (_what, touch) => {
  const heard = told(reported(), CLOSING)
  touch()
  expect(heard.reportThatHolds(WELL)).toBeUndefined()
})

test('a report does not hold after a process that ended badly', () => {
  expect(told(reported()).reportThatHolds({ ...WELL, exitCode: 1 })).toBeUndefined()
  expect(told(reported()).reportThatHolds({ kind: 'lingered', limitMs: 1 })).toBeUndefined()
})
