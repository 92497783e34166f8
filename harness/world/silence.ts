import type { Limits } from './limits.ts'

// Captured at import: global clocks may be virtual while a scenario runs.
const realNowMs = performance.now.bind(performance)

/** Turns without anything to do before it is believed that nothing will happen: not all native code can be seen. */
const QUIET_TURNS = 3
/**
 * What this process has open that may bring news to a scenario although it did not open it, such as a pool's connection
 * that an earlier one opened. Whose it is cannot be told, so a stall is called only after the whole real limit.
 */
const OPEN_ELSEWHERE: ReadonlySet<string> = new Set(['TCPSocketWrap', 'TLSWrap', 'UDPWrap', 'ProcessWrap'])
/** A worker that is asked keeps one more open than the test runner does. */
const MESSAGE_PORTS_AT_LOAD = messagePorts()
/** How long news may take from what Node does not list, such as a worker made at import, in real milliseconds. */
const UNLISTED_MS_MAX = 100

/**
 * Most that counts from one look to the next, in real milliseconds: twice what lies between two. In a longer pause the
 * process had no processor, or was busy; no news could come, so it tells nothing.
 */
const LOOK_MS_MAX = 10

/** How long nothing has happened that could be seen. */
export class Silence {
  #turns = 0
  /** Real milliseconds; `undefined` while something happens. */
  #sinceMs: number | undefined
  #lookedAtMs = 0
  /** Real milliseconds in which news would have been seen. */
  #heardMs = 0

  /** Something happens: that nothing does is counted from now on. */
  end(): void {
    this.#turns = 0
    this.#sinceMs = undefined
  }

  /** Takes one of the turns that are waited without a look at time; false when there is none left. */
  takeQuietTurn(): boolean {
    return this.#turns++ < QUIET_TURNS
  }

  /** Nothing has come from what Node does not list. */
  isLong(): boolean {
    this.#look()
    return this.#heardMs >= UNLISTED_MS_MAX
  }

  /** Nothing will come any more. */
  isFinal({ realMs }: Limits): boolean {
    // The real limit is one of the clock: a test has no more time.
    if (this.#look() >= realMs) return true
    const open = process.getActiveResourcesInfo().some((kind) => OPEN_ELSEWHERE.has(kind))
    return !open && messagePorts() <= MESSAGE_PORTS_AT_LOAD && this.#heardMs >= UNLISTED_MS_MAX
  }

  /** Counts the time since the last look, and gives all of it since the silence began. */
  #look(): number {
    const nowMs = realNowMs()
    if (this.#sinceMs === undefined) {
      this.#sinceMs = nowMs
      this.#heardMs = 0
    } else this.#heardMs += Math.min(nowMs - this.#lookedAtMs, LOOK_MS_MAX)
    this.#lookedAtMs = nowMs
    return nowMs - this.#sinceMs
  }
}

function messagePorts(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort').length
}
