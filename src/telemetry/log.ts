import type { AuditRecord } from '../audit/records.ts'
import { leaveAlone } from '../base/promise.ts'
import type { Redactor } from '../base/redact/redactor.ts'
import { type TriedAt, wordsOf } from './event-words.ts'

/**
 * Where an engine writes its log lines: `console`, or any logger with these two methods. Secrets are taken out of a line
 * before it is handed over. What a log throws changes nothing.
 *
 * @example
 * const lines: string[] = []
 * const log: Log = { info: (line) => lines.push(line), warn: (line) => lines.push(`warning: ${line}`) }
 */
export interface Log {
  readonly info: (line: string) => unknown
  readonly warn: (line: string) => unknown
}

/** Tells a log what the records of one run say, in words. */
export class RunLog {
  readonly #log: Log
  readonly #redactor: Redactor
  readonly #triedAt: TriedAt

  constructor(log: Log, redactor: Redactor, triedAt: TriedAt) {
    this.#log = log
    this.#redactor = redactor
    this.#triedAt = triedAt
  }

  record(record: AuditRecord): void {
    const words = wordsOf(record, this.#triedAt)
    if (words === undefined) return
    // A logger's trouble is not the run's, neither now nor later.
    try {
      const { level, line } = words
      leaveAlone(this.#log[level](this.#redactor.text(line)))
    } catch {
      return
    }
  }
}
