import type { AttemptRecord, EventRecord } from '../../src/index.ts'
import type { StepVisit } from '../scenario/observation.ts'
import { type Guarded, isMove, type Note } from './breaker-notes.ts'

/** Sums of fractions of a millisecond come out a little off. */
const OFF_MS = 1e-6

/** The attempts whose call failed, by itself or by taking too long: those that a breaker counts for certain. */
export function failedCalls(visits: readonly StepVisit[]): ReadonlySet<AttemptRecord> {
  const failed = new Set<AttemptRecord>()
  for (const { attempts, calls } of visits)
    for (const [at, attempt] of attempts.entries()) {
      if (attempt.status !== 'failed') continue
      const threw = attempts.length === calls.length && calls[at]?.settled === 'threw'
      if (threw || attempt.error?.code === 'E_TIMEOUT') failed.add(attempt)
    }
  return failed
}

/** A breaker that stays closed after too many failures, or lets its probe through too early or never, in sentences. */
export function wrongMoments(guarded: Guarded, failed: ReadonlySet<AttemptRecord>): readonly string[] {
  return new Moments(guarded, failed).wrong()
}

class Moments {
  readonly #guarded: Guarded
  readonly #failed: ReadonlySet<AttemptRecord>
  readonly #wrong: string[] = []
  #state = 'closed'
  /** When it came to be that; the first state was there before anything was called. */
  #sinceMs = -Infinity
  #failures = 0

  constructor(guarded: Guarded, failed: ReadonlySet<AttemptRecord>) {
    this.#guarded = guarded
    this.#failed = failed
  }

  wrong(): readonly string[] {
    const { notes } = this.#guarded
    for (const [at, note] of notes.entries()) {
      if (note.kind === 'attempt') this.#attempted(note, notes[at + 1])
      else if (isMove(note)) this.#moved(note)
      else if (note.event === 'adapter_skipped') this.#skipped(note)
    }
    return this.#wrong
  }

  #attempted(attempt: AttemptRecord, next: Note | undefined): void {
    // What began in an earlier state counts no more.
    if (this.#state !== 'closed' || attempt.startedAtMs <= this.#sinceMs || attempt.status === 'cancelled')
      return
    // Of any other failure nobody can tell whether the call was to blame.
    this.#failures = this.#failed.has(attempt) ? this.#failures + 1 : 0
    const { adapter, options } = this.#guarded.owner
    if (this.#failures < options.failuresMax || (next !== undefined && isMove(next))) return
    this.#wrong.push(
      `Expected the circuit breaker of ${adapter} to open after ${options.failuresMax} failures in a row, it stayed closed.`,
    )
    this.#failures = 0
  }

  #moved({ detail, atMs }: EventRecord): void {
    const { adapter, options } = this.#guarded.owner
    const to = String(detail['to'])
    const readyMs = this.#sinceMs + options.coolDownMs
    if (to === 'half-open' && this.#state === 'open' && atMs < readyMs - OFF_MS)
      this.#wrong.push(
        `Expected the circuit breaker of ${adapter} to stay open until ${readyMs} ms, it half-opened at ${atMs} ms.`,
      )
    this.#state = to
    this.#sinceMs = atMs
    this.#failures = 0
  }

  #skipped({ detail, atMs }: EventRecord): void {
    const { adapter, options } = this.#guarded.owner
    const readyMs = this.#sinceMs + options.coolDownMs
    if (this.#state !== 'open' || atMs < readyMs + OFF_MS) return
    if (!String(detail['reason']).startsWith('its circuit breaker')) return
    this.#wrong.push(
      `Expected the circuit breaker of ${adapter} to let a probe through from ${readyMs} ms on, it refused one at ${atMs} ms.`,
    )
  }
}
