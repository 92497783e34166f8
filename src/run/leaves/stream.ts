import { ShakedownError } from '../../base/errors.ts'
import { describeThrown } from '../../base/serialize-error.ts'
import { kept } from '../../context/isolate.ts'
import type { StepNode } from '../../nodes/step.ts'
import type { OnChunk } from '../../policy/stream-policy.ts'
import type { Attempt } from './attempt.ts'
import type { Scope } from '../scope.ts'
import { recordEvent } from '../trail.ts'

/** Chunks of one stream that are kept: a long answer of a model has thousands, token by token. */
const STREAM_CHUNKS_MAX = 100_000
/** Bytes of the texts and binary chunks of one stream that are kept: above any answer, below what hurts a process. */
const STREAM_BYTES_MAX = 64 * 1024 * 1024

/** A stream gave more than a step may keep. Not retried: the next attempt would give as much. */
class StreamError extends ShakedownError {
  override readonly name = 'StreamError'
  readonly retryable = false

  constructor(step: string, limit: string) {
    super(
      'E_STREAM',
      `The stream of step '${step}' gave more than ${limit}, which is the most that is kept.`,
      {
        hint: 'Read it in the step and give what you need of it, or hand it on unread in an object: { stream }.',
      },
    )
  }
}

/** The chunks that attempts have had so far; beside them, because nearly none has a stream. */
const received = new WeakMap<Attempt, readonly unknown[]>()

/** The chunks that an attempt has had; `undefined` where there was no stream. */
export function chunksOf(attempt: Attempt): readonly unknown[] | undefined {
  return received.get(attempt)
}

/** True for what a step's function gave that is read to its end. Plain values cost a `typeof`, objects a look. */
export function isStream(value: unknown): value is AsyncIterable<unknown> {
  if (typeof value !== 'object' || value === null) return false
  try {
    return typeof (value as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] === 'function'
  } catch {
    // What cannot be read is data that cannot be read.
    return false
  }
}

/** What a reader needs to know of its step. */
interface StreamingStep {
  readonly node: Pick<StepNode<never, unknown>, 'name' | 'policy'>
  readonly path: string
}

/**
 * Reads a stream to its end, shows each chunk to who asked for it, and gives the step's output. When the attempt is
 * given up, the stream is told to end and no further chunk is shown.
 */
export async function gather(
  stream: AsyncIterable<unknown>,
  { node, path }: StreamingStep,
  attempt: Attempt,
  scope: Scope,
): Promise<unknown> {
  const iterator = stream[Symbol.asyncIterator]()
  if (attempt.over) {
    endStream(iterator)
    return []
  }
  const chunks: unknown[] = []
  received.set(attempt, chunks)
  const end = (): void => endStream(iterator)
  if (scope.abortable || node.policy.timeoutMs !== undefined)
    attempt.signal.addEventListener('abort', end, { once: true })
  const watchers = [node.policy.onChunk, scope.run.onChunk].filter((onChunk) => onChunk !== undefined)
  let bytes = 0
  for (;;) {
    const { done, value: chunk } = await iterator.next()
    if (attempt.over) return chunks
    if (done === true) break
    bytes += bytesOf(chunk)
    const limit = limitBelow(chunks.length + 1, bytes)
    if (limit !== undefined) {
      end()
      throw new StreamError(node.name, limit)
    }
    // As it is now: a function may fill one buffer again and again.
    const index = chunks.push(kept(chunk)) - 1
    for (const onChunk of watchers) await show(onChunk, { path, attempt, scope }, index, chunks[index])
    if (attempt.over) return chunks
  }
  return node.policy.collect === undefined ? chunks : await node.policy.collect(kept(chunks))
}

/** Where a chunk comes from. */
interface Source {
  readonly path: string
  readonly attempt: Attempt
  readonly scope: Scope
}

async function show(onChunk: OnChunk, source: Source, index: number, chunk: unknown): Promise<void> {
  const { path, scope } = source
  const { attempt, step, runId } = source.attempt
  try {
    await onChunk({ runId, path, step, attempt, index, chunk: kept(chunk) })
  } catch (thrown) {
    recordEvent(scope, path, 'hook_error', { hook: 'onChunk', attempt, error: describeThrown(thrown) })
  }
}

/** Tells a stream that nobody reads on. Nobody waits for its answer either, nor hears of its trouble with that. */
function endStream(iterator: AsyncIterator<unknown>): void {
  try {
    Promise.resolve(iterator.return?.()).catch(() => {})
  } catch {
    return
  }
}

function limitBelow(chunks: number, bytes: number): string | undefined {
  if (chunks > STREAM_CHUNKS_MAX) return `${STREAM_CHUNKS_MAX} chunks`
  return bytes > STREAM_BYTES_MAX ? `${STREAM_BYTES_MAX} bytes` : undefined
}

/** What a chunk takes, roughly: of other things than texts and bytes only their number is limited. */
function bytesOf(chunk: unknown): number {
  if (typeof chunk === 'string') return 2 * chunk.length
  return ArrayBuffer.isView(chunk) ? chunk.byteLength : 0
}
