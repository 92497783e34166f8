import type { Checkpoint } from '../../audit/durable-store.ts'
import type { QuotaLimits } from '../../base/quota-exceeded.ts'
import { type CheckpointCodec, decode } from './checkpoint-codec.ts'
import { aboutOf, encoded } from './encoded.ts'
import { checkStorable } from './storable.ts'

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
  checkStorable(`the input of durable run '${runId}'`, beginning.input)
  checkStorable(`the context of durable run '${runId}'`, beginning.context)
  const bytes = encoded(`the input of durable run '${runId}'`, beginning)
  return codec.seal(aboutOf(runId, START_KEY), [bytes])
}

/** @throws ConfigurationError when the key is not the one the run was started with */
export function openBeginning(
  codec: CheckpointCodec,
  runId: string,
  checkpoints: readonly Checkpoint[],
): Beginning | undefined {
  const found = checkpoints.find(({ key }) => key === START_KEY)
  if (found === undefined) return undefined
  const [bytes] = codec.open(aboutOf(runId, START_KEY), found.data)
  return bytes === undefined ? undefined : (decode(bytes) as Beginning)
}
