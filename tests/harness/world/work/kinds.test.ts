import { expect, test } from 'vitest'
import { type WorkKind, workType } from '../../../../harness/world/work/kinds.ts'

const NAMES: readonly [WorkKind, words: string, names: readonly string[]][] = [
  ['request', 'a file operation', ['FSREQCALLBACK', 'FSREQPROMISE', 'FILEHANDLECLOSEREQ']],
  ['job', 'cryptography', ['PBKDF2REQUEST', 'SCRYPTREQUEST', 'RANDOMBYTESREQUEST', 'SIGNREQUEST']],
  ['request', 'a DNS lookup', ['GETADDRINFOREQWRAP', 'GETNAMEINFOREQWRAP', 'QUERYWRAP']],
  ['request', 'a connection being made', ['TCPCONNECTWRAP', 'PIPECONNECTWRAP']],
  ['request', 'data being sent', ['WRITEWRAP', 'SHUTDOWNWRAP', 'UDPSENDWRAP']],
  ['request', 'an HTTP/2 request', ['HTTP2PING', 'HTTP2SETTINGS']],
  ['immediate', 'setImmediate', ['Immediate']],
  ['compressor', 'compression', ['ZLIB']],
  ['handle', 'a child process', ['PROCESSWRAP']],
  ['handle', 'a worker thread', ['WORKER']],
  ['handle', 'a message port', ['MESSAGEPORT']],
  ['handle', 'a TCP socket', ['TCPWRAP']],
  ['handle', 'a pipe', ['PIPEWRAP']],
  ['handle', 'a UDP socket', ['UDPWRAP']],
  ['server', 'a server', ['TCPSERVERWRAP']],
  ['server', 'a server', ['TCPSERVERWRAP']],
  ['timer', 'a real timer', ['Timeout']],
]

test.for(NAMES.flatMap(([kind, words, names]) => names.map((name) => [name, kind, words] as const)))(
  'what Node calls %s is a %s: %s',
  ([name, kind, words]) => {
    expect(workType(name)).toEqual({ kind, words })
  },
)

test.for(['TickObject', 'PROMISE', 'FSEVENTWRAP', 'constructor', 'toString', 'made up'])(
  'what Node, or anybody, calls %s is no work',
  (name) => {
    expect(workType(name)).toBe(undefined)
  },
)
