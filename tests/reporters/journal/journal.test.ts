import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { JOURNALS_KEPT_MAX, listJournals } from '../../../reporters/journal/folder.ts'
import { parseJournal, readJournal } from '../../../reporters/journal/reader.ts'
import { newRunId } from '../../../reporters/journal/run-id.ts'
import { JournalWriter } from '../../../reporters/journal/writer.ts'
import { buildReport } from '../../../reporters/analyse/build-report.ts'
import { renderConsole } from '../../../reporters/render/console.ts'
import { renderHtml } from '../../../reporters/render/html.ts'
import { renderMarkdown } from '../../../reporters/render/markdown.ts'
import {
  anError,
  runEnded,
  runStarted,
  START_MS,
  suiteFailed,
  testFinished,
  wholeFile,
  wholeRun,
} from '../support/events.ts'
import { tempDir } from '../support/temp-dir.ts'

const text = (...events: readonly object[]): string =>
  events.map((event) => `${JSON.stringify(event)}\n`).join('')

test('what was appended can be read at once, while the writer is still open', () => {
  using dir = tempDir()
  const writer = new JournalWriter(dir.path, 'run-1')
  const events = [runStarted(), testFinished('a.test.ts', 'adds', 'passed')]
  for (const event of events) writer.append(event)
  expect(readJournal(writer.path)).toEqual({ events, problems: [], torn: false })
  writer.close()
})

test('events after the end of the writer are dropped', () => {
  using dir = tempDir()
  const writer = new JournalWriter(dir.path, 'run-1')
  writer.append(runStarted())
  writer.close()
  writer.append(runEnded('passed'))
  expect(readJournal(writer.path).events).toEqual([runStarted()])
})

test('a last line that was torn by a kill is left out, and said so', () => {
  const whole = text(runStarted(), testFinished('a.test.ts', 'adds', 'passed'))
  for (let length = 1; length < 40; length += 1) {
    const journal = parseJournal(whole.slice(0, -1 - length), 'j.jsonl')
    expect(journal).toEqual({ events: [runStarted()], problems: [], torn: true })
  }
})

test('a last line that only lacks its newline is whole', () => {
  expect(parseJournal(text(runStarted()).trimEnd(), 'j.jsonl')).toEqual({
    events: [runStarted()],
    problems: [],
    torn: false,
  })
})

test('a corrupt line in the middle is reported with its place, and the rest is read', () => {
  const journal = parseJournal(
    `${text(runStarted())}{"type":"test-fin\n{"type":"unheard-of"}\n${text(runEnded('passed'))}`,
    'j.jsonl',
  )
  expect(journal.events).toEqual([
    runStarted(),
    runEnded('passed'),
    {
      type: 'records-lost',
      atMs: runEnded('passed').atMs,
      message: `2 lines of the journal j.jsonl cannot be read, so results may be missing:\n  ${journal.problems.join('\n  ')}`,
    },
  ])
  expect(journal.problems).toEqual([
    expect.stringMatching(/^j\.jsonl:2: expected JSON, got: /),
    expect.stringMatching(/^j\.jsonl:3: expected a journal event, got: type: /),
  ])
})

test('a run that follows a torn line in a concatenation is not lost with it', () => {
  const torn = text(runStarted({ runId: 'one' }), testFinished('a.test.ts', 'adds', 'passed')).slice(0, -20)
  const journal = parseJournal(torn + text(runStarted({ runId: 'two' }), runEnded('passed')), 'j.jsonl')
  expect(journal.events).toEqual([
    runStarted({ runId: 'one' }),
    runStarted({ runId: 'two' }),
    runEnded('passed'),
    expect.objectContaining({ type: 'records-lost', message: expect.stringContaining('1 line of') }),
  ])
  expect(journal.problems).toHaveLength(1)
})

test('a file full of something else is reported briefly', () => {
  const journal = parseJournal('not a journal\n'.repeat(10_000), 'notes.txt')
  expect(journal.events).toEqual([])
  expect(journal.problems).toHaveLength(100)
})

test('a run whose results cannot be read is not called passed: the report counts the lines and names them', () => {
  const file = wholeFile('a.test.ts', [
    { type: 'test-started', atMs: START_MS, file: 'a.test.ts', id: 'adds', test: 'adds' },
  ])
  const unreadable = [
    { ...testFinished('a.test.ts', 'adds', 'failed'), durationMs: NaN },
    suiteFailed('a.test.ts', 'sums', {
      errors: [anError('no', { location: { file: 'a.ts', line: 1e300, column: 1 } })],
    }),
  ]
  const whole = text(...wholeRun(file))
  const report = buildReport(
    parseJournal(whole.replace(/(?=.*file-finished)/, text(...unreadable)), 'j.jsonl').events,
  )
  expect(report.run).toMatchObject({ status: 'incomplete', exitCode: 4 })
  expect(report.failures).toMatchObject([
    {
      file: '(the run)',
      status: 'lost',
      error: {
        message: expect.stringMatching(
          /^2 lines of the journal j\.jsonl .*\n.*:6: .*durationMs.*\n.*:7: .*line/,
        ),
      },
    },
  ])
  for (const shown of [
    renderConsole(report, { color: false, columns: 80 }),
    renderMarkdown(report),
    renderHtml(report),
  ]) {
    expect(shown).toContain('INCOMPLETE: part of the record is lost')
    expect(shown).toContain('j.jsonl:6')
  }
})

test('what a line that cannot be read holds of a secret stays hidden', () => {
  const { events } = parseJournal(
    `${text(runStarted())}password=hunter22 \n${text(runEnded('passed'))}`,
    'j.jsonl',
  )
  expect(JSON.stringify(events)).toContain('1 line of the journal')
  expect(JSON.stringify(events)).not.toContain('hunter22')
})

test('the journal of a newer release is refused instead of read by halves', () => {
  const newer = text({ ...runStarted(), journalVersion: 2 }, runEnded('passed'))
  expect(() => parseJournal(newer, 'j.jsonl')).toThrow(
    expect.objectContaining({
      code: 'E_JOURNAL_VERSION',
      message: 'Expected j.jsonl:1 to have journalVersion 1, got 2.',
    }),
  )
})

test('a journal that is not there is an error with its path', () => {
  expect(() => readJournal('/nowhere/j.jsonl')).toThrow(
    expect.objectContaining({ code: 'E_JOURNAL', message: expect.stringContaining('/nowhere/j.jsonl') }),
  )
})

test('run ids sort by start time and are file names', () => {
  const ids = [0, 1, 999, 1_000, 86_400_000].map((offsetMs) => newRunId(1_795_168_000_000 + offsetMs))
  expect(ids.toSorted()).toEqual(ids)
  for (const id of ids) expect(id).toMatch(/^[\dTZ-]+-[0-9a-f]{6}$/)
  expect(newRunId(0)).not.toBe(newRunId(0))
})

const runId = (second: number): string => `2026-11-20T09-${String(second).padStart(2, '0')}-44-071Z-3fa91c`

test('the newest journals are kept and listed first, older ones and no other files are removed', () => {
  using dir = tempDir()
  const folder = path.join(dir.path, 'journal')
  mkdirSync(folder)
  const foreign = ['notes.txt', '2020-01.jsonl', `${runId(0)}.jsonl`]
  for (const file of foreign) writeFileSync(path.join(folder, file), 'mine')
  for (let index = 1; index < JOURNALS_KEPT_MAX + 5; index += 1)
    writeFileSync(path.join(folder, `${runId(index)}.jsonl`), text(runStarted()))
  new JournalWriter(dir.path, runId(99)).close()
  const kept = listJournals(dir.path).map((file) => path.basename(file, '.jsonl'))
  expect(kept.filter((name) => name.startsWith('2026'))).toHaveLength(JOURNALS_KEPT_MAX + 1)
  expect(kept[0]).toBe(runId(99))
  expect(kept[JOURNALS_KEPT_MAX - 1]).toBe(runId(6))
  for (const file of foreign) expect(readFileSync(path.join(folder, file), 'utf8')).toBe('mine')
  expect(listJournals(path.join(dir.path, 'nowhere'))).toEqual([])
})

test('a report folder that is a file is refused, with what to do', () => {
  using dir = tempDir()
  const file = path.join(dir.path, 'taken')
  writeFileSync(file, '')
  expect(() => new JournalWriter(file, 'run-1')).toThrow(
    expect.objectContaining({
      code: 'E_REPORT_DIR',
      message: expect.stringContaining(file),
      hint: expect.stringContaining('reportDir'),
    }),
  )
})

test('a journal that a test deletes is written again, with all that was in it', () => {
  using dir = tempDir()
  const writer = new JournalWriter(dir.path, 'run-1')
  const events = [runStarted(), testFinished('a.test.ts', 'adds', 'passed'), runEnded('passed')]
  for (const event of events) {
    writer.append(event)
    rmSync(path.join(dir.path, 'journal'), { recursive: true })
  }
  expect(writer.unwritten()).toBeUndefined()
  expect(readJournal(writer.path)).toEqual({ events, problems: [], torn: false })
  writer.close()
})

test.skipIf(process.platform !== 'linux')(
  'what a full disk refuses is kept, and the disk is named: /dev/full refuses every write',
  () => {
    using dir = tempDir()
    mkdirSync(path.join(dir.path, 'journal'))
    symlinkSync('/dev/full', path.join(dir.path, 'journal/run-1.jsonl'))
    const writer = new JournalWriter(dir.path, 'run-1')
    const events = [runStarted(), testFinished('a.test.ts', 'adds', 'passed')]
    for (const event of events) writer.append(event)
    expect(writer.unwritten()).toEqual({
      error: expect.objectContaining({
        code: 'E_REPORT_DIR',
        hint: expect.stringContaining('The disk is full'),
      }),
      text: text(...events),
    })
    writer.close()
  },
)
