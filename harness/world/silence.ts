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

/** How long nothing has happened that could be seen. */
export class Silence {
  #turns = 0
  /** Real milliseconds; `undefined` while something happens. */
  #sinceMs: number | undefined

  /** Something happens: that nothing does is counted from now on. */
  end(): void {
    this.#turns = 0
    this.#sinceMs = undefined
  }

  /** Counts a turn; false when there were enough, and it is time that counts. */
  countsTurns(): boolean {
    return this.#turns++ < QUIET_TURNS
  }

  /** Nothing has come from what Node does not list. */
  isLong(): boolean {
    return this.#ms() >= UNLISTED_MS_MAX
  }

  /** Nothing will come any more. */
  isFinal({ realMs }: Limits): boolean {
    const open = process.getActiveResourcesInfo().some((kind) => OPEN_ELSEWHERE.has(kind))
    const patienceMs = open || messagePorts() > MESSAGE_PORTS_AT_LOAD ? realMs : UNLISTED_MS_MAX
    return this.#ms() >= Math.min(realMs, patienceMs)
  }

  #ms(): number {
    const nowMs = realNowMs()
    this.#sinceMs ??= nowMs
    return nowMs - this.#sinceMs
  }
}

function messagePorts(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort').length
}
