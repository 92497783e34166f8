import { ofOurOwn } from './work/hook.ts'

// Captured at import: global timers may be virtual while a scenario runs.
const realImmediate = setImmediate

/** How many turns are asked for at once; most scenarios need two to four. */
const BATCH = 4

/**
 * Turns of the event loop: after each one all microtasks and ticks have run, and Node has told of the rejections that
 * nobody handles.
 *
 * Several immediates that were asked for together run one after the other, with all of that between them, but without a
 * look at sockets and files: this costs a quarter of a round of the loop each. What waits for I/O asks again afterwards.
 */
export class Turns {
  #asked = 0
  #next: (() => void) | undefined

  /** Calls back at the end of this turn. One at a time; asking again replaces the callback. */
  next(callback: () => void): void {
    this.#next = callback
    if (this.#asked > 0) return
    this.#asked = BATCH
    ofOurOwn(() => {
      for (let turn = 0; turn < BATCH; turn++) realImmediate(this.#turn)
    })
  }

  /** Calls back after a whole round of the loop, with a look at sockets and files. */
  round(callback: () => void): void {
    ofOurOwn(() => realImmediate(callback))
  }

  readonly #turn = (): void => {
    this.#asked--
    const callback = this.#next
    this.#next = undefined
    callback?.()
  }
}
