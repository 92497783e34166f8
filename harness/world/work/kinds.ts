/**
 * How one tells that a resource is under way:
 * - `request` is from its making to its one callback; it ends by itself.
 * - `job` is the same, unless it is done on the spot: `randomBytes(8)` makes one, too, that never calls back.
 *   Those of `crypto.subtle` are told by who makes them (`web-crypto.ts`).
 * - `immediate` is the same, but can be taken back.
 * - `compressor` is while it holds a piece that it works on.
 * - `handle` is while it keeps the process alive and, for streams, is being read: an idle kept-alive socket is not.
 * - `server` never is: it waits for connections. It is known so that connections to it are.
 * - `timer` is until it fires; only real ones are seen here.
 */
export type WorkKind = 'request' | 'job' | 'immediate' | 'compressor' | 'handle' | 'server' | 'timer'

/** A kind of resource that Node tells async hooks of, and its name for people. */
export interface WorkType {
  readonly kind: WorkKind
  readonly words: string
}

/** What an immediate is called; a chain of them holds time for a number of turns only. */
export const IMMEDIATE_WORDS = 'setImmediate'

const FILE: WorkType = { kind: 'request', words: 'a file operation' }
const CRYPTO: WorkType = { kind: 'job', words: 'cryptography' }
const DNS: WorkType = { kind: 'request', words: 'a DNS lookup' }
const CONNECT: WorkType = { kind: 'request', words: 'a connection being made' }
const SEND: WorkType = { kind: 'request', words: 'data being sent' }
const HTTP2: WorkType = { kind: 'request', words: 'an HTTP/2 request' }

/**
 * Node's names (`node_provider_types` in its async_wrap.h). What is not here is either over before the next turn
 * (`TickObject`), only waits for something of ours (`FSEVENTWRAP`), or is a name somebody made up.
 */
const TYPES: Readonly<Record<string, WorkType>> = {
  FSREQCALLBACK: FILE,
  FSREQPROMISE: FILE,
  FILEHANDLECLOSEREQ: FILE,
  CHECKPRIMEREQUEST: CRYPTO,
  CIPHERREQUEST: CRYPTO,
  DERIVEBITSREQUEST: CRYPTO,
  HASHREQUEST: CRYPTO,
  KEYEXPORTREQUEST: CRYPTO,
  KEYGENREQUEST: CRYPTO,
  KEYPAIRGENREQUEST: CRYPTO,
  PBKDF2REQUEST: CRYPTO,
  RANDOMBYTESREQUEST: CRYPTO,
  RANDOMPRIMEREQUEST: CRYPTO,
  SCRYPTREQUEST: CRYPTO,
  SIGNREQUEST: CRYPTO,
  VERIFYREQUEST: CRYPTO,
  ARGON2REQUEST: CRYPTO,
  GETADDRINFOREQWRAP: DNS,
  GETNAMEINFOREQWRAP: DNS,
  QUERYWRAP: DNS,
  TCPCONNECTWRAP: CONNECT,
  PIPECONNECTWRAP: CONNECT,
  WRITEWRAP: SEND,
  SHUTDOWNWRAP: SEND,
  UDPSENDWRAP: SEND,
  HTTP2PING: HTTP2,
  HTTP2SETTINGS: HTTP2,
  Immediate: { kind: 'immediate', words: IMMEDIATE_WORDS },
  ZLIB: { kind: 'compressor', words: 'compression' },
  PROCESSWRAP: { kind: 'handle', words: 'a child process' },
  WORKER: { kind: 'handle', words: 'a worker thread' },
  MESSAGEPORT: { kind: 'handle', words: 'a message port' },
  TCPWRAP: { kind: 'handle', words: 'a TCP socket' },
  PIPEWRAP: { kind: 'handle', words: 'a pipe' },
  TCPSERVERWRAP: { kind: 'server', words: 'a server' },
  UDPWRAP: { kind: 'handle', words: 'a UDP socket' },
  Timeout: { kind: 'timer', words: 'a real timer' },
}

const types = new Map(Object.entries(TYPES))

/** What Node's name for a resource means; `undefined` for what is no work. */
export function workType(name: string): WorkType | undefined {
  return types.get(name)
}
