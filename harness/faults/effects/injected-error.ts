import type { Param } from '../grammar/param.ts'
import type { FaultStep } from '../grammar/program.ts'
import { systemErrorOf } from './system-errors.ts'

/** Says who threw when a fault was given no words of its own. */
const DEFAULT_MESSAGE = 'Injected fault'

/** What Node was doing when it meets these codes; its network errors name the call, its other ones explain themselves. */
const NETWORK_SYSCALLS: ReadonlyMap<string, string> = new Map([
  ['ECONNRESET', 'read'],
  ['ECONNABORTED', 'read'],
  ['EPIPE', 'write'],
  ['ECONNREFUSED', 'connect'],
  ['ETIMEDOUT', 'connect'],
  ['EHOSTUNREACH', 'connect'],
  ['ENETUNREACH', 'connect'],
  ['EADDRNOTAVAIL', 'connect'],
  ['ENOTFOUND', 'getaddrinfo'],
  ['EAI_AGAIN', 'getaddrinfo'],
])

/** Properties a thrown error can carry beside its message. */
export interface ErrorExtras {
  /** `error.code`, e.g. `ECONNRESET`; the message follows from it when none is given. */
  readonly code?: string | undefined
  /** `error.retryAfterMs`: how long the failing side asks to be left alone, in milliseconds. */
  readonly retryAfterMs?: number | undefined
  /** `error.retryable`; `false` asks a retry policy to give up at once. */
  readonly retryable?: boolean | undefined
}

/** The parameters of every verb that makes an error: `reject("text")`, `reject(ECONNRESET)`, `reject("text", retryable=false)`. */
export const errorParams: { readonly message: Param; readonly extras: readonly Param[] } = {
  message: { name: 'message', type: { kind: 'text' }, required: false, bareWord: 'code' },
  extras: [
    { name: 'code', type: { kind: 'code' }, required: false },
    { name: 'retryAfterMs', type: { kind: 'duration' }, required: false },
    { name: 'retryable', type: { kind: 'boolean' }, required: false },
  ],
}

/** Reads a step's error once and gives back a maker: every call gets its own `Error`. */
export function errorMaker(step: FaultStep, messageIndex: number): () => Error {
  const given = step.args[messageIndex]
  const { code, ...named } = step.named
  const properties = typeof code === 'string' ? { ...codeProperties(code), ...named } : named
  const message =
    typeof given === 'string' ? given : typeof code === 'string' ? codeMessage(code) : DEFAULT_MESSAGE
  if (Object.keys(properties).length === 0) return () => stackless(message)
  return () => Object.assign(stackless(message), properties)
}

/**
 * An error without stack frames: they would only show the inside of this harness, and collecting them costs more than
 * all the rest of a failed attempt.
 */
function stackless(message: string): Error {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  const error = new Error(message)
  Error.stackTraceLimit = limit
  return error
}

/** `errno`, `code` and `syscall` in the order Node sets them. */
function codeProperties(code: string): Record<string, string | number> {
  const system = systemErrorOf(code)
  const syscall = NETWORK_SYSCALLS.get(code)
  return {
    ...(system === undefined ? undefined : { errno: system.errno }),
    code,
    ...(syscall === undefined ? undefined : { syscall }),
  }
}

/** `read ECONNRESET`, `ENOENT: no such file or directory`, or the code alone when Node has no words for it. */
function codeMessage(code: string): string {
  const syscall = NETWORK_SYSCALLS.get(code)
  if (syscall !== undefined) return `${syscall} ${code}`
  const system = systemErrorOf(code)
  return system === undefined ? code : `${code}: ${system.text}`
}
