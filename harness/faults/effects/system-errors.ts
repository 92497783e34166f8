import { getSystemErrorMap } from 'node:util'

/** A system error as Node describes it on this platform. */
export interface SystemError {
  /** Negative, as on Node's errors, e.g. −104 for ECONNRESET on Linux. */
  readonly errno: number
  /** The operating system's words, e.g. `connection reset by peer`. */
  readonly text: string
}

/** Node names this resolver failure differently from libuv, whose map it gives us. */
const RENAMED: ReadonlyMap<string, string> = new Map([['EAI_NONAME', 'ENOTFOUND']])

let byCode: ReadonlyMap<string, SystemError> | undefined

/** The system error of this code; `undefined` when the platform knows none. */
export function systemErrorOf(code: string): SystemError | undefined {
  // Built on first use: most programs name no code at all.
  byCode ??= new Map(
    [...getSystemErrorMap()].map(([errno, [name, text]]) => [RENAMED.get(name) ?? name, { errno, text }]),
  )
  return byCode.get(code)
}
