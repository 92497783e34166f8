import path from 'node:path'
import { ShakedownError } from '../../src/base/errors.ts'
import { JOURNAL_VERSION, journalEventSchema } from './events.ts'
import type { JournalEvent } from './events.ts'
import { firstOf, indented } from '../../src/base/listed.ts'
import { issueSentence } from '../../src/base/issue.ts'
import { createRedactor } from '../../src/base/redact/redactor.ts'
import { count } from '../text/words.ts'
import { readJournalText } from './journal-file.ts'

/** Bad lines reported by name; a file of another kind altogether would have one per line. */
const PROBLEMS_MAX = 100

/** Bad lines that the report names; the first ones explain the rest. */
const PROBLEMS_SHOWN_MAX = 10

/**
 * What a journal holds and what in it could not be read.
 *
 * @example
 * const complaints = ({ problems }: Journal): number => problems.length
 */
export interface Journal {
  /** A last one of type `records-lost` says it when a line is no event, so that no report passes over it. */
  readonly events: readonly JournalEvent[]
  /** One per line that is no event, as `file:line: what is wrong`; at most 100. */
  readonly problems: readonly string[]
  /** The last line was cut off: its writer was killed in the middle of it. Not a problem, but worth knowing. */
  readonly torn: boolean
}

/**
 * Reads a journal file, also one whose run is still going on or was killed.
 *
 * @throws ShakedownError `E_JOURNAL` when there is no such file, `E_JOURNAL_VERSION` when a newer release wrote it
 *
 * @example
 * const { events, problems } = readJournal('.shakedown/journal/2026-11-20T09-46-44-071Z-3fa91c.jsonl')
 */
export function readJournal(file: string): Journal {
  const shown = path.relative(process.cwd(), file)
  return parseJournal(readJournalText(file), shown.startsWith('..') ? file : shown.replaceAll('\\', '/'))
}

/**
 * Parses the text of one journal, or of several that were concatenated.
 *
 * @param where what to call it in messages, usually its path
 * @throws ShakedownError `E_JOURNAL_VERSION` when a newer release wrote it
 *
 * @example
 * const { events } = parseJournal(readFileSync('run.jsonl', 'utf8'), 'run.jsonl')
 */
export function parseJournal(text: string, where: string): Journal {
  const events: JournalEvent[] = []
  const problems: string[] = []
  let unreadable = 0
  const lines = text.split('\n')
  // A whole journal ends in a newline, so that nothing follows the last split.
  const rest = lines.pop()
  const tail = rest ? parseLine(rest) : undefined
  const torn = tail !== undefined && 'problem' in tail
  if (rest && tail && 'event' in tail) lines.push(rest)
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const parsed = parseLine(line)
    if ('event' in parsed) {
      events.push(parsed.event)
      continue
    }
    refuseNewer(parsed.data, `${where}:${index + 1}`)
    unreadable += 1
    if (problems.length < PROBLEMS_MAX) problems.push(`${where}:${index + 1}: ${parsed.problem}`)
    const glued = gluedEvent(line)
    if (glued) events.push(glued)
  }
  const last = events.at(-1)
  if (last !== undefined && unreadable > 0)
    events.push({ type: 'records-lost', atMs: last.atMs, message: lostMessage(where, unreadable, problems) })
  return { events, problems, torn }
}

function lostMessage(where: string, unreadable: number, problems: readonly string[]): string {
  const lines = [
    `${count(unreadable, 'line')} of the journal ${where} cannot be read, so results may be missing:`,
    ...indented(firstOf(problems, PROBLEMS_SHOWN_MAX, unreadable)),
  ]
  // What is wrong is said with a piece of the line, which was perhaps not written by us.
  return createRedactor().text(lines.join('\n'))
}

type Line = { readonly event: JournalEvent } | { readonly problem: string; readonly data: unknown }

function parseLine(line: string): Line {
  let data: unknown
  try {
    data = JSON.parse(line)
  } catch (error) {
    return { problem: `expected JSON, got: ${String(error)}`, data: undefined }
  }
  const parsed = journalEventSchema.safeParse(data)
  if (parsed.success) return { event: parsed.data }
  const [issue] = parsed.error.issues
  return {
    problem: `expected a journal event, got: ${issue === undefined ? 'something else' : issueSentence(issue)}`,
    data,
  }
}

/**
 * The event after a torn line. Concatenating a killed run's journal with the next one glues the two together, and
 * what follows the tear is the `run-started` that tells the runs apart.
 */
function gluedEvent(line: string): JournalEvent | undefined {
  const start = line.lastIndexOf('{"type":"')
  const parsed = start > 0 ? parseLine(line.slice(start)) : undefined
  return parsed && 'event' in parsed ? parsed.event : undefined
}

/** Reading on would give a report that silently lacks what the newer release recorded. */
function refuseNewer(data: unknown, where: string): void {
  if (typeof data !== 'object' || data === null || !('journalVersion' in data)) return
  const version = data.journalVersion
  if (typeof version !== 'number' || version <= JOURNAL_VERSION) return
  throw new ShakedownError(
    'E_JOURNAL_VERSION',
    `Expected ${where} to have journalVersion ${JOURNAL_VERSION}, got ${version}.`,
    { hint: 'It was written by a newer release of shakedown; update shakedown to read it.' },
  )
}
