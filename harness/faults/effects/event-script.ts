import type { StoredJson } from '../grammar/json.ts'

/** What follows the last message: nothing, a close in good order, a dropped connection, or an error and a drop. */
export type LastEvent = 'open' | 'end' | 'drop' | 'error'

interface Script {
  readonly messages: readonly StoredJson[]
  /** The wait before each message, and before what comes last, in virtual milliseconds. */
  readonly gapsMs: readonly number[]
  readonly last: LastEvent
  /** The code of the close event; `undefined` for the usual one. */
  readonly code: number | undefined
}

/** What a connection is to push: given by a fault in the place of a real source. */
export class EventScript implements Script {
  readonly messages: readonly StoredJson[]
  readonly gapsMs: readonly number[]
  readonly last: LastEvent
  readonly code: number | undefined

  constructor({ messages, gapsMs, last, code }: Script) {
    this.messages = messages
    this.gapsMs = gapsMs
    this.last = last
    this.code = code
  }
}
