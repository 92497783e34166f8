import { connectionReset } from '../../faults/effects/fetch-failures.ts'
import type { CloseLike, PortEvents } from '../../scenario/ports.ts'

/** As a `WebSocket` says them (RFC 6455, 7.4.1). */
const CLOSED_NORMALLY = 1000
const CLOSED_ABNORMALLY = 1006

const STATES = { connecting: 0, open: 1, closing: 2, closed: 3 } as const

type EventName = 'open' | 'message' | 'error' | 'close'

/** One reader of `for await`: what it has not taken yet, and how it ends. */
interface Reader<T> {
  readonly messages: T[]
  wake: () => void
}

/** How a connection ended. */
interface Ended {
  readonly error: unknown
}

/** A connection that pushes. Whoever feeds it calls `opened`, `arrived`, `failed` and `ended`. */
export class OwnEvents<T> extends EventTarget implements PortEvents<T> {
  /** Called when the subject closes it. */
  onClosedHere: () => void = () => {}
  #state: number = STATES.connecting
  /** What came before anybody read. */
  #early: T[] | undefined = []
  #ended: Ended | undefined
  readonly #readers = new Set<Reader<T>>()
  readonly #handlers = new Map<EventName, (event: Event) => void>()

  get readyState(): number {
    return this.#state
  }

  opened(): void {
    if (this.#state !== STATES.connecting) return
    this.#state = STATES.open
    this.dispatchEvent(new Event('open'))
  }

  arrived(message: T): void {
    if (this.#state !== STATES.open) return
    if (this.#early !== undefined) {
      this.#early.push(message)
      return
    }
    for (const reader of this.#readers) {
      reader.messages.push(message)
      reader.wake()
    }
    this.dispatchEvent(new MessageEvent('message', { data: message }))
  }

  /** It breaks: an error, and a close after it. */
  failed(error: unknown): void {
    if (this.#state === STATES.closed) return
    this.dispatchEvent(Object.assign(new Event('error'), { error }))
    this.ended(CLOSED_ABNORMALLY, error)
  }

  /** @param code 1006 is a drop, which fails who reads with `for await`; all others are an end */
  ended(code = CLOSED_NORMALLY, error?: unknown): void {
    if (this.#state === STATES.closed) return
    this.#state = STATES.closed
    const wasClean = code !== CLOSED_ABNORMALLY
    this.#ended = { error: wasClean ? undefined : (error ?? connectionReset()) }
    for (const reader of this.#readers) reader.wake()
    this.dispatchEvent(Object.assign(new Event('close'), { code, wasClean }))
  }

  close(code = CLOSED_NORMALLY): void {
    if (this.#state >= STATES.closing) return
    this.#state = STATES.closing
    this.onClosedHere()
    // As everywhere, the close event comes later, and tells of a close in good order.
    queueMicrotask(() => this.ended(code))
  }

  /** Ends it without a word. */
  abandon(): void {
    if (this.#state >= STATES.closing) return
    this.#state = STATES.closed
    this.onClosedHere()
  }

  override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
    super.addEventListener(...args)
    if (args[0] === 'message') queueMicrotask(() => this.#handOver())
  }

  on(event: EventName, listener: (...args: never[]) => void): this {
    this.addEventListener(event, (given) => {
      Reflect.apply(listener, this, argumentsOf(given))
    })
    return this
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    const reader: Reader<T> = { messages: this.#early ?? [], wake: () => {} }
    this.#early = undefined
    this.#readers.add(reader)
    try {
      for (;;) {
        if (reader.messages.length > 0) yield reader.messages.shift() as T
        else if (this.#ended === undefined) await new Promise<void>((resolve) => (reader.wake = resolve))
        else if (this.#ended.error === undefined) return
        else throw this.#ended.error as Error
      }
    } finally {
      this.#readers.delete(reader)
      // Who leaves the loop has read enough.
      this.close()
    }
  }

  get onopen(): PortEvents<T>['onopen'] {
    return this.#handlerOf('open')
  }

  set onopen(handler: PortEvents<T>['onopen']) {
    this.#handle('open', handler)
  }

  get onmessage(): PortEvents<T>['onmessage'] {
    return this.#handlerOf('message')
  }

  set onmessage(handler: PortEvents<T>['onmessage']) {
    this.#handle('message', handler as ((event: Event) => void) | null)
  }

  get onerror(): PortEvents<T>['onerror'] {
    return this.#handlerOf('error')
  }

  set onerror(handler: PortEvents<T>['onerror']) {
    this.#handle('error', handler as ((event: Event) => void) | null)
  }

  get onclose(): PortEvents<T>['onclose'] {
    return this.#handlerOf('close')
  }

  set onclose(handler: PortEvents<T>['onclose']) {
    this.#handle('close', handler as ((event: Event) => void) | null)
  }

  #handlerOf(event: EventName): ((event: Event) => void) | null {
    return this.#handlers.get(event) ?? null
  }

  #handle(event: EventName, handler: ((event: Event) => void) | null): void {
    const before = this.#handlers.get(event)
    if (before !== undefined) this.removeEventListener(event, before)
    this.#handlers.delete(event)
    if (handler === null) return
    this.#handlers.set(event, handler)
    this.addEventListener(event, handler)
  }

  /** Gives whoever listens first what came before. */
  #handOver(): void {
    const early = this.#early ?? []
    this.#early = undefined
    for (const message of early) this.dispatchEvent(new MessageEvent('message', { data: message }))
  }
}

/** What a listener of an emitter is given. */
function argumentsOf(event: Event): readonly unknown[] {
  switch (event.type) {
    case 'message':
      return [(event as MessageEvent).data]
    case 'error':
      return [(event as Event & { error: unknown }).error]
    case 'close':
      return [(event as CloseLike).code]
    default:
      return []
  }
}
