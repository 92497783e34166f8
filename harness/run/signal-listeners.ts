import { getEventListeners } from 'node:events'

/** How much of a stack is read: this file's own line, and that of the code that asked. */
const STACK_LINES = 2

/** Node's own code, and libraries: those that follow a signal weakly leave listeners that cost nothing. */
const NOT_OF_THE_SUBJECT = /\(?(?:node:|.*[\\/]node_modules[\\/])/u

/**
 * The listeners that the subject's own code puts on the signal of its caller. A caller may use one signal for many calls, as a
 * server does that shuts down once: what stays on it after each call adds up.
 */
export class SignalListeners {
  readonly #signal: AbortSignal
  readonly #own = new Set<unknown>()

  constructor(signal: AbortSignal) {
    this.#signal = signal
    const add = signal.addEventListener.bind(signal)
    Object.defineProperty(signal, 'addEventListener', {
      configurable: true,
      writable: true,
      value: (...args: Parameters<AbortSignal['addEventListener']>): void => {
        if (isOfTheSubject()) this.#own.add(args[1])
        add(...args)
      },
    })
  }

  /** Those that are there now are nobody's any more. */
  forget(): void {
    this.#own.clear()
  }

  /** How many are there now. An abort is the last that a signal has to say. */
  left(): number {
    if (this.#own.size === 0 || this.#signal.aborted) return 0
    return getEventListeners(this.#signal, 'abort').filter((listener) => this.#own.has(listener)).length
  }
}

/** Whether the code that called the one that asks is the subject's. */
function isOfTheSubject(): boolean {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = STACK_LINES + 1
  const { stack } = new Error('where') as { readonly stack?: unknown }
  Error.stackTraceLimit = stackTraceLimit
  // Code that reads stacks itself may have made something else of it: then nobody knows whose it is.
  if (typeof stack !== 'string') return false
  const asked = stack.split('\n')[1 + STACK_LINES]?.replace(/^\s*at (?:async )?/u, '') ?? ''
  const place = asked.slice(asked.lastIndexOf('(') + 1)
  return place !== '' && !NOT_OF_THE_SUBJECT.test(place)
}
