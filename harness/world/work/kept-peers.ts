import { Socket } from 'node:dgram'
import { MessagePort, parentPort, workerData } from 'node:worker_threads'
import { doAll, type PutBack } from '../put-back.ts'
import { before } from './before.ts'
import { currentWork } from './hook.ts'
import { type Peer, Question } from './question.ts'
import type { Work } from './work.ts'

/** How long a worker may take for an answer, in real milliseconds: it works for the scenario. */
const WORKER_MS_MAX = 3_000
/** The same of a server that is asked by UDP, where much is sent that nobody answers. */
const UDP_MS_MAX = 1_000

/** A port or a socket: what comes is an event of it. */
interface Emitter {
  on(event: 'message', heard: () => void): unknown
  once(event: 'close', closed: () => void): unknown
  off(event: string, listener: () => void): unknown
  listenerCount(event: 'message'): number
}

/** What has been asked, of whom, and in whose name. */
interface Asked {
  readonly work: Work
  readonly question: Question
  readonly forget: PutBack
}

/** Ports and sockets that were there before the scenario, or that nobody has to wait for, such as an idle worker of a pool. */
const asked = new Map<object, Asked>()
/** The scenarios that run, the newest last. */
const running: Work[] = []

/**
 * Waits for the answers of workers and UDP servers that a scenario sends something to, whoever has opened the way: to an async
 * hook that looks like nothing at all. Only where somebody listens for an answer: what is only told holds no time.
 *
 * @returns what ends it
 */
export function listenToPeers(): PutBack {
  const putBack: PutBack[] = []
  before(
    MessagePort.prototype,
    'postMessage',
    (port) => {
      if (running.length > 0 && port instanceof MessagePort && !isRunners(port))
        askEmitter(port, 'an answer of a worker that was there before', WORKER_MS_MAX)
    },
    putBack,
  )
  before(
    Socket.prototype,
    'send',
    (socket) => {
      if (running.length > 0 && socket instanceof Socket)
        askEmitter(socket, 'an answer on a UDP socket', UDP_MS_MAX)
    },
    putBack,
  )
  return () => doAll(putBack)
}

/** Until the returned function is called, what is asked in its name, or in that of a scenario before, is its own. */
export function awaitPeers(work: Work): PutBack {
  running.push(work)
  return () => {
    running.splice(running.lastIndexOf(work), 1)
    for (const [peer, { work: whose, forget }] of asked)
      if (whose === work) {
        asked.delete(peer)
        forget()
      }
  }
}

/** The way to whoever runs the tests: what is written there, such as a line of the console, is no question. */
function isRunners(port: MessagePort): boolean {
  const given = typeof workerData === 'object' && workerData !== null ? Object.values(workerData) : []
  return port === parentPort || given.includes(port)
}

/** Asks whoever answers by the event `message`. */
function askEmitter(emitter: Emitter, words: string, answerMsMax: number): void {
  ask(emitter, words, () => {
    if (emitter.listenerCount('message') === 0) return undefined
    let messages = 0
    let isOver = false
    const heard = (): void => {
      messages++
    }
    const closed = (): void => {
      isOver = true
    }
    // Beside a listener, another one changes nothing: neither does it begin to read, nor keep the process alive.
    emitter.on('message', heard)
    emitter.once('close', closed)
    const peer = { read: () => messages, isOver: () => isOver, answerMsMax }
    const forget = (): void => {
      emitter.off('message', heard)
      emitter.off('close', closed)
    }
    return { peer, forget }
  })
}

/** How a peer is listened to, and no longer; `undefined` where nobody listens. */
type Listen = () => { readonly peer: Peer; readonly forget: () => unknown } | undefined

function ask(key: object, words: string, listen: Listen): void {
  const known = asked.get(key)
  if (known !== undefined) {
    known.question.ask()
    return
  }
  const work = whoAsks()
  if (work === undefined || work.hasMade(key)) return
  const listened = listen()
  if (listened === undefined) return
  const question = new Question(key, listened.peer)
  asked.set(key, { work, question, forget: () => void listened.forget() })
  question.ask()
  work.beginAs(key, words, () => question.hold())
}

/** Code in the name of an earlier scenario, such as a pool it has opened, is taken for part of the running one. */
function whoAsks(): Work | undefined {
  const work = currentWork()
  if (work === undefined) return undefined
  return running.includes(work) ? work : running.at(-1)
}
