import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { readJournal } from '../../../reporters/journal/reader.ts'
import { JournalWriter } from '../../../reporters/journal/writer.ts'
import { needs } from '../../support/systems.ts'
import { runEnded, runStarted, testFinished } from '../support/events.ts'
import { tempDir } from '../support/temp-dir.ts'

beforeEach((context) => needs(context, 'posix', 'Windows moves no file that is open'))

const events = [runStarted(), testFinished('a.test.ts', 'adds', 'passed'), runEnded('passed')]

/** Writes the events, and does something to the report folder before the last one. */
function written(dir: string, tamper: (writer: JournalWriter) => void): JournalWriter {
  const writer = new JournalWriter(path.join(dir, 'reports'), 'run-1')
  for (const event of events.slice(0, -1)) writer.append(event)
  tamper(writer)
  writer.append(runEnded('passed'))
  return writer
}

test.each<[string, (writer: JournalWriter) => void]>([
  ['moved away', ({ path: file }) => renameSync(file, `${file}.old`)],
  [
    'moved away with the whole report folder',
    ({ path: file }) => {
      const folder = path.resolve(file, '../..')
      renameSync(folder, `${folder}.old`)
    },
  ],
  [
    'replaced by another file',
    ({ path: file }) => {
      rmSync(file)
      writeFileSync(file, 'something else\n')
    },
  ],
  [
    'replaced by a pipe',
    ({ path: file }) => {
      rmSync(file)
      execFileSync('mkfifo', [file])
    },
  ],
])('a journal that is %s during the run is written again, with all that was in it', (_what, tamper) => {
  using dir = tempDir()
  const writer = written(dir.path, tamper)
  expect(writer.unwritten()).toBeUndefined()
  expect(readJournal(writer.path)).toEqual({ events, problems: [], torn: false })
  expect(existsSync(path.join(dir.path, 'reports/.gitignore'))).toBe(true)
  writer.close()
})

test('what cannot be written because a folder has taken its place is kept whole, and the folder is named', () => {
  using dir = tempDir()
  const writer = written(dir.path, ({ path: file }) => {
    renameSync(file, `${file}.old`)
    mkdirSync(file)
  })
  expect(writer.unwritten()).toEqual({
    error: expect.objectContaining({
      code: 'E_REPORT_DIR',
      message: expect.stringMatching(
        /Expected the journal .*run-1\.jsonl to be a file, got a folder\./,
      ) as string,
    }) as Error,
    text: events.map((event) => `${JSON.stringify(event)}\n`).join(''),
  })
  rmSync(writer.path, { recursive: true })
  expect(writer.unwritten()).toBeUndefined()
  expect(readJournal(writer.path).events).toEqual(events)
  writer.close()
})

test.each<[string, (file: string) => void]>([
  ['emptied', (file) => truncateSync(file)],
  ['cut', (file) => truncateSync(file, 100)],
  ['written over', (file) => writeFileSync(file, readFileSync(file, 'utf8').slice(0, 40))],
  [
    'written to',
    (file) => appendFileSync(file, `${JSON.stringify(testFinished('b.test.ts', 'b', 'passed'))}\n`),
  ],
])('a journal that is %s by a test says that results may be missing', (_what, tamper) => {
  using dir = tempDir()
  const writer = written(dir.path, ({ path: file }) => tamper(file))
  writer.close()
  const found = readJournal(writer.path).events
  expect(found).toContainEqual({
    type: 'records-lost',
    atMs: expect.any(Number) as number,
    message: expect.stringMatching(
      /The journal .*run-1\.jsonl was changed while the run was going on, so results may be missing: expected \d+ bytes, got \d+\.$/,
    ) as string,
  })
  expect(found).toContainEqual(runEnded('passed'))
})

test('a pipe in place of a journal is refused, not waited for; so is a folder', () => {
  using dir = tempDir()
  const pipe = path.join(dir.path, 'pipe.jsonl')
  execFileSync('mkfifo', [pipe])
  for (const place of [pipe, dir.path])
    expect(() => readJournal(place)).toThrow(
      expect.objectContaining({ code: 'E_JOURNAL', message: expect.stringContaining(place) as string }),
    )
})
