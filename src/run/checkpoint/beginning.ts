import type { Checkpoint } from '../../audit/durable-store.ts'
import type { QuotaLimits } from '../../base/quota-exceeded.ts'
import type { CheckpointCodec } from './checkpoint-codec.ts'
import { decoded, encoded } from './encoded.ts'
import { checkStorable } from './storable.ts'
import { damaged } from './unreadable-checkpoint.ts'

/** What a run starts with. */
export interface Beginning {
  /** The shape of its tree. */
  readonly tree: readonly string[]
  readonly input: unknown
  readonly context: Readonly<Record<string, unknown>>
  /** The limits that this run was given; a pool is shared with others, and is nothing that can be kept. */
  readonly quota: QuotaLimits | undefined
}

export const START_KEY = 'start'

/** @throws CheckpointError when the input or the context cannot be kept exactly */
export function sealBeginning(codec: CheckpointCodec, runId: string, beginning: Beginning): Uint8Array {
  const oddInput = checkStorable(`the input of durable run '${runId}'`, beginning.input)
  const oddContext = checkStorable(`the context of durable run '${runId}'`, beginning.context)
  const bytes = encoded(`the input of durable run '${runId}'`, beginning, oddInput || oddContext)
  return codec.seal({ runId, key: START_KEY }, [bytes])
}

/** What is in the checkpoints of a run. */
export interface Opened {
  readonly beginning: Beginning
  /** By key, in the order they were saved. */
  readonly checkpoints: ReadonlyMap<string, readonly Buffer[]>
}

/**
 * Opens all checkpoints of a run: what cannot be read is known before anything is done. `undefined` without any.
 * @throws UnreadableCheckpointError
 */
export function openCheckpoints(
  codec: CheckpointCodec,
  runId: string,
  saved: readonly Checkpoint[],
): Opened | undefined {
  if (saved.length === 0) return undefined
  const checkpoints = new Map(saved.map(({ key, data }) => [key, codec.open({ runId, key }, data)]))
  const [start] = checkpoints.get(START_KEY) ?? []
  if (start === undefined) throw damaged({ runId, key: START_KEY }, 'none')
  checkpoints.delete(START_KEY)
  return { beginning: decoded(start) as Beginning, checkpoints }
}
