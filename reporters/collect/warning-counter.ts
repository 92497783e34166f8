import { fingerprint } from './fingerprint.ts'
import type { WarningsCounted } from '../journal/events.ts'
import type { CleanText } from './clean-text.ts'

/** Different warnings kept per file between two events; a file with more prints data, not warnings. */
const FINGERPRINTS_MAX = 50

/** Messages fingerprinted per file: at some microseconds each this bounds the cost of a flood. The rest is counted. */
const FINGERPRINTED_MAX = 20_000

/** First texts are kept in full up to here. */
const SAMPLE_CHARS_MAX = 2_000

interface Counted {
  count: number
  sample: string
}

interface Tally {
  count: number
  fingerprinted: number
  overflow: number
  readonly byFingerprint: Map<string, Counted>
}

/** Counts what tests write to the error stream, per file, with a bounded memory. Totals are exact. */
export class WarningCounter {
  readonly #text: CleanText
  readonly #files = new Map<string | null, Tally>()

  constructor(text: CleanText) {
    this.#text = text
  }

  /**
   * Takes one batch of console output.
   *
   * @param count how many calls the text holds; Vitest glues calls together and keeps only their number
   */
  add(file: string | null, content: string, count: number): void {
    const tally = this.#files.get(file) ?? {
      count: 0,
      fingerprinted: 0,
      overflow: 0,
      byFingerprint: new Map(),
    }
    this.#files.set(file, tally)
    tally.count += count
    const messages = splitMessages(content, count)
    if (!messages) this.#note(tally, content, count)
    else for (const message of messages) this.#note(tally, message, 1)
  }

  #note(tally: Tally, message: string, count: number): void {
    if (tally.fingerprinted >= FINGERPRINTED_MAX) {
      tally.overflow += count
      return
    }
    tally.fingerprinted += 1
    // Cleaned before it is folded: a secret whose digits were folded away could not be found any more.
    const sample = this.#text.clean(message, SAMPLE_CHARS_MAX)
    const key = fingerprint(sample)
    const known = tally.byFingerprint.get(key)
    if (known) known.count += count
    else if (tally.byFingerprint.size < FINGERPRINTS_MAX) tally.byFingerprint.set(key, { count, sample })
    else tally.overflow += count
  }

  /** What was counted since the last drain, one event per file. */
  drain(atMs: number): WarningsCounted[] {
    const events = [...this.#files].map(([file, { count, overflow, byFingerprint }]): WarningsCounted => {
      const fingerprints = [...byFingerprint].map(([key, counted]) => ({
        fingerprint: key,
        count: counted.count,
        sample: counted.sample,
        location: null,
      }))
      return { type: 'warnings', atMs, file, count, fingerprints, overflow }
    })
    this.#files.clear()
    return events
  }
}

/** The single messages of a batch; `undefined` when some span several lines, so that nobody can tell them apart. */
function splitMessages(content: string, count: number): string[] | undefined {
  if (count === 1) return [content.trimEnd()]
  const lines = content.replace(/\n$/, '').split('\n')
  if (lines.length === count) return lines
  // Continuation lines of a multi-line message are usually indented: object dumps, stacks.
  const starts = lines.filter((line) => /^\S/.test(line) && !/^[}\])]/.test(line))
  return starts.length === count ? starts : undefined
}
