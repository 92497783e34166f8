import type { Hold } from './holds.ts'

// Captured at import: global clocks may be virtual while a scenario runs.
const realNowMs = performance.now.bind(performance)

/** An answer may come in pieces: so long after the last one it is whole, in real milliseconds. */
const PIECES_MS_MAX = 50

/** The other side of something that was open before the scenario began. */
export interface Peer {
  /** How much has come from it so far; it only grows. */
  readonly read: () => number
  /** Nothing comes from it any more. */
  readonly isOver: () => boolean
  /** How long an answer may take before it is believed that none will come, in real milliseconds. */
  readonly answerMsMax: number
}

/**
 * Peers that did not answer in time, such as a log shipper's, and how much had come from each then. They are not waited for
 * again until they do answer.
 */
const silent = new WeakMap<object, number>()

/** The last question to a peer. It holds time until its answer has come. */
export class Question {
  readonly #peer: Peer
  /** By what the peer is known in all scenarios. */
  readonly #key: object
  /** When it was asked, in real milliseconds; `undefined` when there is none. */
  #askedMs: number | undefined
  /** How much had come when it was asked, and now. */
  #readBefore = 0
  #read = 0
  #readMs = 0

  constructor(key: object, peer: Peer) {
    this.#key = key
    this.#peer = peer
  }

  ask(): void {
    const read = this.#peer.read()
    if (silent.get(this.#key) === read) return
    this.#askedMs = realNowMs()
    this.#readBefore = read
    this.#read = read
  }

  hold(): Hold {
    if (this.#askedMs === undefined || this.#peer.isOver()) return 'none'
    const nowMs = realNowMs()
    const read = this.#peer.read()
    if (read === this.#readBefore) return this.#awaitFirst(nowMs - this.#askedMs)
    if (read > this.#read) this.#readMs = nowMs
    this.#read = read
    if (nowMs - this.#readMs < PIECES_MS_MAX) return 'soft'
    this.#askedMs = undefined
    return 'none'
  }

  #awaitFirst(waitedMs: number): Hold {
    if (waitedMs < this.#peer.answerMsMax) return 'soft'
    silent.set(this.#key, this.#peer.read())
    this.#askedMs = undefined
    return 'none'
  }
}
