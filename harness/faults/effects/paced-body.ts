import type { BoundaryCall, World } from '../../../src/index.ts'
import { bodyTerminated } from './fetch-failures.ts'
import { untilAborted, waitThen } from './waiting.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** How a body comes over the wire. */
export interface Pace {
  /** So much of it arrives at once. */
  readonly bytesAtOnce: number
  /** What each such piece takes, in virtual milliseconds. */
  readonly msPerPiece: number
  /** What follows the last byte: the end; silence until an abort; or a connection that fails so. */
  readonly last: 'end' | 'silence' | (() => Error)
}

/** Bodies whose pieces and end have their own times: they must not be collected before they are handed on. */
const paced = new WeakSet<Response>()

/** Notes that a response has such a body. */
export function asPaced(response: Response): Response {
  paced.add(response)
  return response
}

/** True for a response whose body has to reach its reader piece by piece. */
export function isPaced(response: Response): boolean {
  return paced.has(response)
}

/**
 * A body that comes so. An abort fails it with the signal's reason, as it fails the body of a real `fetch`. It is made as it is
 * read: what nobody reads takes no time.
 */
export function pacedBody(bytes: Bytes, pace: Pace, call: BoundaryCall, world: World): ReadableStream<Bytes> {
  const { bytesAtOnce, msPerPiece, last } = pace
  let at = 0
  return new ReadableStream(
    {
      pull(controller) {
        if (at < bytes.length) {
          const piece = bytes.slice(at, at + bytesAtOnce)
          at += piece.length
          const send = (): void => controller.enqueue(piece)
          if (msPerPiece === 0) return send()
          const share = piece.length / bytesAtOnce
          return waitThen(call, world, msPerPiece * share, send) as Promise<void>
        }
        if (last === 'end') return controller.close()
        if (last === 'silence') return untilAborted(call)
        return controller.error(bodyTerminated(last()))
      },
    },
    { highWaterMark: 0 },
  )
}
