import { ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import { doAll, type PutBack } from '../put-back.ts'
import { before } from './before.ts'
import { Question } from './question.ts'
import type { Work } from './work.ts'

/** How long an answer of a server may take, in real milliseconds: whose the question is cannot be told. */
const SERVER_MS_MAX = 1_000
/** The same of a child process, which works for the scenario. */
const CHILD_MS_MAX = 3_000

/**
 * Waits, in a scenario's name, for answers on connections that were open when it began, such as those of a database's
 * pool, and of child processes: to an async hook a query looks like nothing at all. Whose the query is cannot be told.
 *
 * HTTP clients are known by their requests, and take idle connections out of Node's list.
 *
 * @returns what ends it
 */
export function awaitKeptConnections(work: Work): PutBack {
  const putBack: PutBack[] = []
  for (const handle of activeHandles()) {
    if (isClientSocket(handle)) awaitSocket(work, handle, putBack)
    else if (handle instanceof ChildProcess) awaitChild(work, handle, putBack)
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
  // What nock has answered is destroyed, and may leave its handle open for good.
  return (
    handle instanceof Socket && !handle.destroyed && handle.remotePort !== undefined && !isAccepted(handle)
  )
}

/** A server's end of a connection: what it writes is the answer. */
function isAccepted(socket: Socket & { readonly server?: unknown }): boolean {
  return socket.server !== undefined && socket.server !== null
}

function awaitSocket(work: Work, socket: Socket, putBack: PutBack[]): void {
  const question = new Question(socket, {
    read: () => socket.bytesRead,
    isOver: () => socket.destroyed,
    answerMsMax: SERVER_MS_MAX,
  })
  before(socket, 'write', () => question.ask(), putBack)
  work.beginAs(socket, 'an answer on a connection that was open before', () => question.hold())
}

/** It is asked by messages or through its input, and answers by messages or with its output. */
function awaitChild(work: Work, child: ChildProcess, putBack: PutBack[]): void {
  const { stdin, stdout, stderr } = child
  let messages = 0
  const question = new Question(child, {
    read: () => messages + bytesOf(stdout) + bytesOf(stderr),
    isOver: () => child.exitCode !== null || child.signalCode !== null,
    answerMsMax: CHILD_MS_MAX,
  })
  before(child, 'emit', (_child, event) => event === 'message' && messages++, putBack)
  before(child, 'send', () => child.listenerCount('message') > 0 && question.ask(), putBack)
  if (stdin !== null && (isRead(stdout) || isRead(stderr)))
    before(stdin, 'write', () => question.ask(), putBack)
  work.beginAs(child, 'an answer of a child process that was there before', () => question.hold())
}

/** The output of a child is a socket, though its type does not say so. */
function bytesOf(output: object | null): number {
  return output instanceof Socket ? output.bytesRead : 0
}

function isRead(output: ChildProcess['stdout']): boolean {
  return output !== null && (output.listenerCount('data') > 0 || output.listenerCount('readable') > 0)
}
