import type { StepRecord } from './records.ts'

/**
 * What became of one task at one adapter, whatever number of attempts it took.
 *
 * @example
 * const failed = (uses: readonly AdapterUse[]): number => uses.filter(({ success }) => !success).length
 */
export interface AdapterUse {
  readonly success: boolean
  readonly attempts: number
  /** Milliseconds that the attempt took which succeeded; `null` when none did. */
  readonly latencyMs: number | null
  /** An adapter before it had failed at the task. */
  readonly fallback: boolean
}

/** What `node` of a step record says where a task was given to an adapter. */
export const ADAPTER_NODE = 'adapter'

/** Of the end of an adapter's work; `undefined` for one that was ended before it was known what it would come to. */
export function adapterUseOf({
  status,
  attempts,
  metadata,
}: Pick<StepRecord, 'status' | 'attempts' | 'metadata'>): AdapterUse | undefined {
  if ((status !== 'completed' && status !== 'failed') || attempts === 0) return undefined
  const { successMs, fallback } = metadata
  return {
    success: status === 'completed',
    attempts,
    latencyMs: typeof successMs === 'number' ? successMs : null,
    fallback: fallback === true,
  }
}
