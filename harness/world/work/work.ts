import { holdOf, type Hold } from './holds.ts'
import { IMMEDIATE_WORDS, type WorkType } from './kinds.ts'
import { OwnServers } from './own-servers.ts'
import { isWebCryptoCalling } from './web-crypto.ts'

/** One real thing under way, for people. */
export interface WorkUnderWay {
  readonly words: string
  /** When it was started, in virtual milliseconds. */
  readonly sinceMs: number
}

/** What is under way at a moment, by how it holds virtual time. */
export interface Holding {
  readonly firm: readonly WorkUnderWay[]
  readonly soft: readonly WorkUnderWay[]
  readonly own: readonly WorkUnderWay[]
  readonly timer: readonly WorkUnderWay[]
  readonly weak: readonly WorkUnderWay[]
}

interface Entry extends WorkUnderWay {
  readonly once: boolean
  readonly hold: () => Hold
}

const NOTHING: Holding = Object.freeze({ firm: [], soft: [], own: [], timer: [], weak: [] })

/**
 * The real work that one scenario has started and that is not a virtual timer: thread-pool work, files, DNS, child
 * processes, workers, sockets, requests, immediates. Virtual time must not overtake it, and nothing is a stall while
 * there is some.
 *
 * An async hook (`hook.ts`) and the diagnostics channels of HTTP clients (`http-clients.ts`) tell it what begins and ends.
 */
export class Work {
  /** Made for the first: most scenarios of pipelines start no real work. */
  #entries: Map<unknown, Entry> | undefined
  /** Held time until the real limit, and hold it no more. */
  #givenUp: WeakSet<Entry> | undefined
  readonly #servers = new OwnServers()
  readonly #made = new WeakSet<object>()
  readonly #nowMs: () => number
  #stirred: (() => void) | undefined
  /** The timers of earlier scenarios that have fired, such as `setInterval of 50 ms`. */
  readonly leftOver: Set<string> = new Set()
  /** The scenario has ended: what code in its name begins from now on holds nobody's time. */
  isOver = false
  /** How often something has ended or gone on. */
  stirs = 0

  /** Something real has held time or called back: when it did so is not the world's doing. Immediates run in order. */
  wasReal = false

  /** Whether open requests are noted; false where something else answers them, and lets virtual time pass while it does. */
  httpClients = true

  /** @param nowMs the virtual time, so that a message can say since when something is awaited */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  begin(key: unknown, { kind, words }: WorkType, resource: object): void {
    if (kind === 'server') this.#servers.add(resource)
    if (kind === 'handle') this.#made.add(resource)
    const once = kind === 'request' || kind === 'job' || kind === 'immediate'
    const isPromised = kind === 'job' && isWebCryptoCalling()
    const hold = (): Hold =>
      isPromised ? 'firm' : kind === 'handle' ? this.holdOfHandle(resource) : holdOf(kind, resource)
    this.#add(key, { words, sinceMs: this.#nowMs(), once, hold })
  }

  /** Whether it has begun this handle itself. */
  hasMade(handle: object): boolean {
    return this.#made.has(handle)
  }

  /** Whether the other end of a connection is a server of its own. */
  reachesItself(handle: object): boolean {
    return this.#servers.reachedBy(handle)
  }

  /** How a socket, or another handle, holds time now. */
  holdOfHandle(handle: object): Hold {
    const hold = holdOf('handle', handle)
    return hold === 'soft' && this.#servers.reachedBy(handle) ? 'own' : hold
  }

  /** Something that tells by itself how it holds time. */
  beginAs(key: unknown, words: string, hold: () => Hold): void {
    this.#add(key, { words, sinceMs: this.#nowMs(), once: true, hold })
  }

  /** Its callback has run: that ends what has only one, and the rest may hold time no more. */
  calledBack(key: unknown): void {
    const entry = this.#entries?.get(key)
    if (entry === undefined) return
    if (entry.once) this.#entries?.delete(key)
    this.wasReal ||= entry.words !== IMMEDIATE_WORDS
    this.stirs++
    this.#stirred?.()
  }

  /** Calls back whenever something ends or goes on, until told otherwise with `undefined`. */
  onStir(callback: (() => void) | undefined): void {
    this.#stirred = callback
  }

  /** What holds time now. What is soft and has been given up on does not. */
  holding(): Holding {
    if (this.#entries === undefined || this.#entries.size === 0) return NOTHING
    const found: Record<Exclude<Hold, 'none'>, WorkUnderWay[]> = {
      firm: [],
      soft: [],
      own: [],
      timer: [],
      weak: [],
    }
    for (const entry of this.#entries.values()) {
      const hold = entry.hold()
      if (hold === 'none' || this.#givenUp?.has(entry) === true) continue
      found[hold].push(entry)
      this.wasReal ||= hold !== 'weak' && entry.words !== IMMEDIATE_WORDS
    }
    return found
  }

  /** Lets time go on although this is still open. */
  giveUp(open: readonly WorkUnderWay[]): void {
    this.#givenUp ??= new WeakSet()
    for (const entry of this.#all()) if (open.includes(entry)) this.#givenUp.add(entry)
  }

  /** Lets go of everything: sockets and timers that live on lead here for as long as they do. */
  end(): void {
    this.isOver = true
    this.#entries = undefined
    this.#stirred = undefined
  }

  /** All that is open, given up or not, for messages. */
  open(): readonly WorkUnderWay[] {
    return this.#all().filter((entry) => entry.hold() !== 'none')
  }

  #add(key: unknown, entry: Entry): void {
    if (!this.isOver) (this.#entries ??= new Map()).set(key, entry)
  }

  #all(): readonly Entry[] {
    return [...(this.#entries?.values() ?? [])]
  }
}
