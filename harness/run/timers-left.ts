import type { TimerLeft } from '../scenario/observation.ts'
import { goesOn, type WaitingTimer } from '../world/globals/virtual-timers.ts'

/** Who knows of timers of the subject. */
interface TimerSource {
  referenced(): readonly WaitingTimer[]
}

const NONE: readonly TimerLeft[] = []

/** The subject's timers that keep a process alive when it has settled: asked then, and again when all else has run on. */
export class TimersLeft {
  readonly #sources: readonly (TimerSource | undefined)[]
  readonly #endMs: number
  readonly #atEnd: readonly (readonly [WaitingTimer, TimerLeft])[]

  constructor(sources: readonly (TimerSource | undefined)[], endMs: number) {
    this.#sources = sources
    this.#endMs = endMs
    this.#atEnd = this.#referenced().map((timer) => [timer, leftOf(timer, endMs, false)])
  }

  /** Those that have fired or been cleared meanwhile are told as they were. */
  afterDrain(): readonly TimerLeft[] {
    const still = this.#referenced()
    if (this.#atEnd.length === 0 && still.length === 0) return NONE
    const endless = still.filter((timer) => goesOn(timer, this.#endMs))
    const others = this.#atEnd.filter(([timer]) => !endless.includes(timer))
    return [...endless.map((timer) => leftOf(timer, this.#endMs, true)), ...others.map(([, left]) => left)]
  }

  #referenced(): readonly WaitingTimer[] {
    return this.#sources.flatMap((source) => source?.referenced() ?? [])
  }
}

function leftOf(
  { words, madeAtMs, setAtMs, delayMs }: WaitingTimer,
  endMs: number,
  endless: boolean,
): TimerLeft {
  return { words, sinceMs: madeAtMs, leftMs: setAtMs + delayMs - endMs, endless }
}
