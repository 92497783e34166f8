import type { TimerLeft } from '../scenario/observation.ts'
import type { GlobalTimeline } from '../world/globals/global-timeline.ts'
import type { WaitingTimer } from '../world/globals/virtual-timers.ts'

const NONE: readonly TimerLeft[] = []

/** The subject's timers that keep a process alive when it has settled: asked then, and again when all else has run on. */
export class TimersLeft {
  readonly #timeline: GlobalTimeline | undefined
  readonly #endMs: number
  readonly #atEnd: ReadonlyMap<WaitingTimer, TimerLeft>

  /** @param timeline `undefined` where the subject's own timers are not virtual, and not known */
  constructor(timeline: GlobalTimeline | undefined, endMs: number) {
    this.#timeline = timeline
    this.#endMs = endMs
    const waiting = timeline?.referenced() ?? []
    this.#atEnd = new Map(waiting.map((timer) => [timer, leftOf(timer, endMs, false)]))
  }

  /** Those that have fired or been cleared meanwhile are told as they were. */
  afterDrain(): readonly TimerLeft[] {
    const still = this.#timeline?.referenced() ?? []
    if (this.#atEnd.size === 0 && still.length === 0) return NONE
    // A wait that was long from the beginning ends once; only what is set anew goes on for ever.
    const endless = still.filter(({ repeats, setAtMs }) => repeats || setAtMs > this.#endMs)
    const others = [...this.#atEnd].filter(([timer]) => !endless.includes(timer))
    return [...endless.map((timer) => leftOf(timer, this.#endMs, true)), ...others.map(([, left]) => left)]
  }
}

function leftOf(
  { words, madeAtMs, setAtMs, delayMs }: WaitingTimer,
  endMs: number,
  endless: boolean,
): TimerLeft {
  return { words, sinceMs: madeAtMs, leftMs: setAtMs + delayMs - endMs, endless }
}
