import { describeThrown } from '../../base/serialize-error.ts'
import { encode } from './checkpoint-codec.ts'
import { keyOf } from './past.ts'
import { CheckpointError } from './storable.ts'

/** Largest checkpoint, in bytes: far above any text, and well below what SQLite takes in one row. */
const CHECKPOINT_BYTES_MAX = 256 * 1024 * 1024

/** @throws CheckpointError */
export function encoded(what: string, value: unknown): Buffer {
  let bytes: Buffer
  try {
    bytes = encode(value)
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

/** A checkpoint that is moved to another run or place is refused. */
export function aboutOf(runId: string, key: string): string {
  return keyOf(runId, key)
}
