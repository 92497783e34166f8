import { fileURLToPath } from 'node:url'
import type { Position } from './scenario.ts'

/** A place in code. */
export interface CallSite extends Position {
  /** Absolute path. */
  readonly file: string
}

/**
 * Remembers where the function that calls this was called from. Formatting the stack waits until it is asked for.
 */
export function captureCallSite(): () => CallSite | undefined {
  const holder: { stack?: string } = {}
  const limit = Error.stackTraceLimit
  // Two frames: the function that calls this, and its caller.
  Error.stackTraceLimit = 2
  Error.captureStackTrace(holder, captureCallSite)
  Error.stackTraceLimit = limit
  return () => parseFrame(holder.stack?.split('\n').at(-1) ?? '')
}

function parseFrame(frame: string): CallSite | undefined {
  const [, url, line, column] = /(?:\(|at )(?:async )?([^()\n]+):(\d+):(\d+)\)?\s*$/.exec(frame) ?? []
  if (url === undefined) return undefined
  const file = url.startsWith('file://') ? fileURLToPath(url) : url
  return { file: file.replace(/\?.*$/, ''), line: Number(line), column: Number(column) }
}
