import { fingerprint } from './fingerprint.ts'
import type { InFile, WarningsCounted } from '../journal/events.ts'
import type { CleanText } from './clean-text.ts'
import type { ProcessWarnings } from './task-meta.ts'

/** Different warnings kept per file between two events; a file with more prints data, not warnings. */
const FINGERPRINTS_MAX = 50

/**
 * Message shapes (texts without their digits) looked at per file between two events. Cleaning and folding a message
 * takes some ten microseconds, recognising a known shape half of one, so that a flood of 300 000 warnings costs a
 * fraction of a second, and 2 000 unlike ones no more than 20 ms.
 */
const SHAPES_MAX = 2_000

/** How much of a message makes its shape. */
const SHAPE_CHARS_MAX = 1_000

/** First texts are kept in full up to here. */
const SAMPLE_CHARS_MAX = 2_000

/** Before the text of several warnings that cannot be told apart. */
const TOGETHER = '(several warnings, not told apart) '

interface Counted {
  count: number
  sample: string
}

interface Tally {
  /** `null` when it is not known which file wrote them. */
  readonly where: InFile | null
  count: number
  overflow: number
  readonly byFingerprint: Map<string, Counted>
  /** `null` for shapes whose fingerprint found no room. */
  readonly byShape: Map<string, Counted | null>
}

/** Counts what tests write to the error stream, per file, with a bounded memory. Totals are exact. */
export class WarningCounter {
  readonly #text: CleanText
  readonly #files = new Map<string, Tally>()

  constructor(text: CleanText) {
    this.#text = text
  }

  /**
   * Takes one batch of console output.
   *
   * @param count how many calls the text holds; Vitest glues calls together and keeps only their number
   */
  add(where: InFile | null, content: string, count: number): void {
    const tally = this.#tallyOf(where)
    tally.count += count
    const messages = splitMessages(content, count)
    if (!messages) this.#note(tally, `${TOGETHER}${content.trimEnd()}`, count)
    else for (const message of messages) this.#note(tally, message, 1)
  }

  /** Takes what the worker has counted already. */
  addCounted(where: InFile, { messages, overflow }: ProcessWarnings): void {
    const tally = this.#tallyOf(where)
    for (const { text, count } of messages) {
      tally.count += count
      this.#note(tally, text, count)
    }
    tally.count += overflow
    tally.overflow += overflow
  }

  #tallyOf(where: InFile | null): Tally {
    const key = where ? `${where.project ?? ''}\n${where.file}` : ''
    const tally = this.#files.get(key) ?? newTally(where)
    this.#files.set(key, tally)
    return tally
  }

  #note(tally: Tally, message: string, count: number): void {
    const shape = message.slice(0, SHAPE_CHARS_MAX).replaceAll(/\d+/g, '#')
    let counted = tally.byShape.get(shape)
    if (counted === undefined && tally.byShape.size < SHAPES_MAX) {
      counted = this.#find(tally, message)
      tally.byShape.set(shape, counted)
    }
    if (counted) counted.count += count
    else tally.overflow += count
  }

  #find(tally: Tally, message: string): Counted | null {
    // Cleaned before it is folded: a secret whose digits were folded away could not be found any more.
    const sample = this.#text.clean(message, SAMPLE_CHARS_MAX)
    const key = fingerprint(sample)
    const known = tally.byFingerprint.get(key)
    if (known) return known
    if (tally.byFingerprint.size >= FINGERPRINTS_MAX) return null
    const counted = { count: 0, sample }
    tally.byFingerprint.set(key, counted)
    return counted
  }

  /** What was counted since the last drain, one event per file. */
  drain(atMs: number): WarningsCounted[] {
    const events = [...this.#files.values()].map((tally) => toEvent(tally, atMs))
    this.#files.clear()
    return events
  }
}

function toEvent({ where, count, overflow, byFingerprint }: Tally, atMs: number): WarningsCounted {
  const fingerprints = [...byFingerprint].map(([key, counted]) => ({
    fingerprint: key,
    count: counted.count,
    sample: counted.sample,
    location: null,
  }))
  return { type: 'warnings', atMs, file: null, ...where, count, fingerprints, overflow }
}

function newTally(where: InFile | null): Tally {
  return { where, count: 0, overflow: 0, byFingerprint: new Map(), byShape: new Map() }
}

/** A line of a stack: it goes on with the message above it, and no message begins with one. */
const STACK_LINE = /^\s+at \S/

/**
 * The single messages of a batch; `undefined` when they cannot be told apart: some span several lines, and Vitest does
 * not say where one ends.
 */
function splitMessages(content: string, count: number): string[] | undefined {
  if (count === 1) return [content.trimEnd()]
  const lines = content.replace(/\n$/, '').split('\n')
  if (lines.length === count) return lines
  const messages: string[] = []
  for (const line of lines) {
    const above = STACK_LINE.test(line) ? messages.pop() : undefined
    messages.push(above === undefined ? line : `${above}\n${line}`)
  }
  return messages.length === count ? messages : undefined
}
