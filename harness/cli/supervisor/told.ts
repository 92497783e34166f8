import type { ChildEnd } from './supervisor.ts'
import { holds, isIntact, sealOf } from './file-seal.ts'
import type { ChildMessage, Reported, SettledSettings, UnwrittenMessage } from './messages.ts'

/**
 * What the child has told by the time it ended. Code of the project runs in the same process and can say what it likes
 * on the same channel, so that a report is believed only where nothing speaks against it.
 */
export class Told {
  settings: SettledSettings | undefined
  /** The journal of the run; `undefined` when none began. */
  journal: string | undefined
  /** What could not be written to the journal, by the last word of the child. */
  unwritten: UnwrittenMessage = { kind: 'unwritten', text: '' }
  /** Tests that have failed so far. */
  failed = 0
  #closing = false
  readonly #reported: Reported[] = []
  #late = false

  hear(message: ChildMessage): void {
    if (message.kind === 'settled') this.settings = message.settings
    if (message.kind === 'started' && message.journal !== '') this.journal = message.journal
    if (message.kind === 'unwritten') this.unwritten = message
    if (message.kind === 'progress') this.failed = Math.max(this.failed, message.failed)
    if (message.kind === 'closing') this.#closing = true
    if (message.kind === 'reported') {
      this.#reported.push(message)
      this.#late ||= this.#closing
    }
  }

  /**
   * The report that the child has made, if it holds: it was told once and in its time, all went well after it, and its
   * files and the journal are as they were. Of any other run the journal is the judge.
   */
  reportThatHolds(end: ChildEnd): Reported | undefined {
    const [reported, ...others] = this.#reported
    if (reported === undefined || others.length > 0 || this.#late) return undefined
    // A budget can allow failures; to find that out is worth reading the journal.
    if (reported.exitCode === 0 && this.failed > 0) return undefined
    const wentWell = end.kind === 'finished' && end.exitCode === 0 && this.unwritten.error === undefined
    if (!wentWell || this.journal === undefined) return undefined
    const journal = sealOf(this.journal)
    if (journal?.bytes !== reported.journalBytes || !reported.files.every(isIntact)) return undefined
    const { whole } = this.unwritten
    return whole === undefined || holds(this.journal, whole) ? reported : undefined
  }
}
