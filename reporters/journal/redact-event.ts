import type { Redactor } from '../../src/base/redact/redactor.ts'
import { mapStrings } from '../report/map-strings.ts'
import type { JournalEvent } from './events.ts'

/** Our own words: a secret that happens to be spelled `test` must not make an event unreadable. */
const OUR_WORDS: ReadonlySet<string> = new Set(['type', 'status', 'kind', 'phase', 'confidence'])

/** The event with the secrets in its texts hidden, except where only words of ours can be. */
export function redactEvent<T extends JournalEvent>(event: T, redactor: Redactor): T {
  return mapStrings(event, (text) => redactor.text(text), OUR_WORDS)
}
