import { describeThrown } from '../../base/serialize-error.ts'
import { decode, encode } from './checkpoint-codec.ts'
import { type Odd, oddParts, restoreOdd } from './odd-parts.ts'
import { CheckpointError } from './storable.ts'

/** Largest checkpoint, in bytes: far above any text, and well below what SQLite takes in one row. */
const CHECKPOINT_BYTES_MAX = 256 * 1024 * 1024

/**
 * @param isOdd something in it loses a property when V8 writes it, as `checkStorable` has found
 * @throws CheckpointError
 */
export function encoded(what: string, value: object, isOdd = false): Buffer {
  let bytes: Buffer
  try {
    // What is kept is never a map itself.
    bytes = encode(isOdd ? new Map([[oddParts(value), value]]) : value)
  } catch (thrown) {
    throw new CheckpointError(
      what,
      '',
      `something that cannot be written (${describeThrown(thrown)})`,
      thrown,
    )
  }
  if (bytes.length <= CHECKPOINT_BYTES_MAX) return bytes
  throw new CheckpointError(what, '', `${bytes.length} bytes, more than ${CHECKPOINT_BYTES_MAX}`)
}

export function decoded(bytes: Buffer): unknown {
  const found = decode(bytes)
  if (!(found instanceof Map)) return found
  for (const [odd, value] of found as ReadonlyMap<readonly Odd[], object>) {
    restoreOdd(value, odd)
    return value
  }
  return undefined
}
