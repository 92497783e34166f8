import { Socket } from 'node:net'
import { doAll, type PutBack, remember } from '../put-back.ts'
import type { Hold } from './holds.ts'
import type { Work } from './work.ts'

// Captured at import: global clocks may be virtual while a scenario runs.
const realNowMs = performance.now.bind(performance)

/** How long an answer may take before it is believed that none will come, in real milliseconds. */
const ANSWER_MS_MAX = 1_000
/** An answer may come in pieces: so long after the last one it is whole, in real milliseconds. */
const PIECES_MS_MAX = 50

const WORDS = 'an answer on a connection that was open before'

/**
 * Connections that did not answer in time, such as a log shipper's, and how much had been read of each then. They are not
 * waited for again until they do answer.
 */
const silent = new WeakMap<Socket, number>()

/**
 * Waits, in a scenario's name, for answers on connections that were open when it began, such as those of a database's
 * pool: to an async hook a query on one looks like nothing at all. Whose the query is cannot be told.
 *
 * HTTP clients are known by their requests, and take idle connections out of Node's list.
 *
 * @returns what ends it
 */
export function awaitKeptConnections(work: Work): PutBack {
  const putBack: PutBack[] = []
  for (const handle of activeHandles()) {
    if (!isClientSocket(handle)) continue
    const question = new Question(handle)
    putBack.push(remember(handle, 'write'))
    question.listen()
    work.beginAs(handle, WORDS, () => question.hold())
  }
  return putBack.length === 0 ? NOTHING : () => doAll(putBack)
}

const NOTHING: PutBack = () => {}

/** Node has it for as long as there is Node, and does not document it; without it these connections are not seen. */
function activeHandles(): readonly object[] {
  const { _getActiveHandles: list } = process as { _getActiveHandles?: () => readonly object[] }
  return list?.call(process) ?? []
}

function isClientSocket(handle: object): handle is Socket {
  return handle instanceof Socket && handle.remotePort !== undefined && !isAccepted(handle)
}

/** A server's end of a connection: what it writes is the answer. */
function isAccepted(socket: Socket & { readonly server?: unknown }): boolean {
  return socket.server !== undefined && socket.server !== null
}

/** The last question on a connection. It holds time until its answer has come. */
class Question {
  readonly #socket: Socket
  /** When it was written, in real milliseconds; `undefined` when there is none. */
  #askedMs: number | undefined
  /** How much had been read when it was asked, and now. */
  #readBefore = 0
  #read = 0
  #readMs = 0

  constructor(socket: Socket) {
    this.#socket = socket
  }

  listen(): void {
    const socket = this.#socket
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean
    const ask = (): void => this.#ask()
    socket.write = (...args: unknown[]) => {
      ask()
      return write(...args)
    }
  }

  hold(): Hold {
    if (this.#askedMs === undefined || this.#socket.destroyed) return 'none'
    const nowMs = realNowMs()
    const { bytesRead } = this.#socket
    if (bytesRead === this.#readBefore) return this.#awaitFirst(nowMs - this.#askedMs)
    if (bytesRead > this.#read) this.#readMs = nowMs
    this.#read = bytesRead
    if (nowMs - this.#readMs < PIECES_MS_MAX) return 'soft'
    this.#askedMs = undefined
    return 'none'
  }

  #ask(): void {
    const { bytesRead } = this.#socket
    if (silent.get(this.#socket) === bytesRead) return
    this.#askedMs = realNowMs()
    this.#readBefore = bytesRead
    this.#read = bytesRead
  }

  #awaitFirst(waitedMs: number): Hold {
    if (waitedMs < ANSWER_MS_MAX) return 'soft'
    silent.set(this.#socket, this.#socket.bytesRead)
    this.#askedMs = undefined
    return 'none'
  }
}
