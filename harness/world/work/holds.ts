import type { WorkKind } from './kinds.ts'

/**
 * How a resource holds virtual time at this moment:
 * - `firm`: it will end by itself, so time must not move until it has.
 * - `soft`: it may end, or may wait for ever; time stands still for it until a real limit.
 * - `own`: what comes is sent by the scenario itself, maybe after a virtual wait; it holds time while it may be on its way.
 * - `timer`: the same as `soft`, of a real timer.
 * - `weak`: it moves nothing else's time, but where nothing is left to happen it still may: a real time limit, a heartbeat.
 * - `none`: it waits for the subject, or is over.
 */
export type Hold = 'firm' | 'soft' | 'own' | 'timer' | 'weak' | 'none'

/** What async hooks hand out, as far as it is read here; all of it is Node's own and any of it may be missing. */
interface Resource {
  /** Handles: whether it keeps the process alive. Clients take that from idle kept-alive sockets, and closing ends it. */
  readonly hasRef?: () => unknown
  /** Streams: false once nobody reads. */
  readonly reading?: unknown
  /** Jobs: what they call when they are done in another thread. */
  readonly ondone?: unknown
  /** Compressors: the piece that is being worked on. */
  readonly buffer?: unknown
  /** Timers and immediates: over or taken back. */
  readonly _destroyed?: unknown
  /** Timers: what they will call. */
  readonly _onTimeout?: unknown
  /** Timers: how long they wait, in milliseconds. */
  readonly _idleTimeout?: unknown
  /** Timers: how often they fire, in milliseconds; `null` for those that fire once. */
  readonly _repeat?: unknown
}

/** How a resource of a kind holds time now. One whose inside is gone, such as a TLS socket's after its end, holds none. */
export function holdOf(kind: WorkKind, resource: object): Hold {
  try {
    return readHold(kind, resource)
  } catch {
    // Getters of Node's own reach into what is no longer there.
    return 'none'
  }
}

function readHold(kind: WorkKind, resource: object): Hold {
  const { _destroyed, buffer, ondone } = resource as Resource
  switch (kind) {
    case 'request':
      return 'firm'
    case 'job':
      return ondone === undefined ? 'none' : 'firm'
    case 'immediate':
      return _destroyed === true ? 'none' : 'firm'
    case 'compressor':
      return buffer === undefined || buffer === null || isGivenBack(resource) ? 'none' : 'firm'
    case 'handle':
      return streamHold(resource)
    case 'server':
      return 'none'
    case 'timer':
      return _destroyed === true ? 'none' : timerHold(resource)
  }
}

/** Longest real wait that holds virtual time, in milliseconds: longer ones are mostly limits that never come. */
const REAL_WAIT_MS_MAX = 100
/** Longest wait of a timer that does not keep the process alive and may still be awaited, in milliseconds. */
const UNREFERENCED_MS_MAX = 1_000

/** A short pause is waited for; a limit or a heartbeat is not, unless nothing else can happen. */
function timerHold(timer: object): Hold {
  const { _idleTimeout, _repeat } = timer as Resource
  const waitMs = typeof _idleTimeout === 'number' ? _idleTimeout : Infinity
  if (!isReferenced(timer)) return waitMs <= UNREFERENCED_MS_MAX || isAbortTimer(timer) ? 'weak' : 'none'
  const repeats = _repeat !== null && _repeat !== undefined
  return repeats || waitMs > REAL_WAIT_MS_MAX ? 'weak' : 'timer'
}

/** Whether it belongs to an `AbortSignal.timeout`, whose timer never keeps a process alive but does abort what waits. */
function isAbortTimer({ _onTimeout }: Resource): boolean {
  return typeof _onTimeout === 'function' && String(_onTimeout).includes("'TimeoutError'")
}

/** A stream's handle: `soft` while something may still come out of it and the subject has read what did. */
function streamHold(handle: object): Hold {
  if (!isReferenced(handle)) return 'none'
  if ((handle as Resource).reading === false) return 'none'
  return hasUnread(handle) ? 'none' : 'soft'
}

function isReferenced(resource: object): boolean {
  const { hasRef } = resource as Resource
  return typeof hasRef === 'function' && Boolean(hasRef.call(resource))
}

/** A compressor that has failed is let go of by its stream, and keeps the piece it failed at. */
function isGivenBack(compressor: object): boolean {
  const stream = ownerOf(compressor) as { readonly _handle?: unknown } | null | undefined
  return stream?._handle === null
}

/** The stream or socket that a handle belongs to. */
function ownerOf(handle: object): unknown {
  const owner = Object.getOwnPropertySymbols(handle).find(({ description }) => description === 'owner_symbol')
  return owner === undefined ? undefined : (handle as Record<symbol, unknown>)[owner]
}

/** Whether the socket of a handle holds data that the subject has not taken: then it is the subject that is awaited. */
function hasUnread(handle: object): boolean {
  const socket = ownerOf(handle) as { readonly readableLength?: unknown } | null | undefined
  return typeof socket?.readableLength === 'number' && socket.readableLength > 0
}
