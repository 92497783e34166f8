/**
 * One chunk of a stream that a step's function gave.
 *
 * @example
 * const print = ({ step, attempt, chunk }: ChunkEvent<string>): void => console.log(`${step} (${attempt}): ${chunk}`)
 */
export interface ChunkEvent<C = unknown> {
  readonly runId: string
  readonly path: string
  readonly step: string
  /** The attempt it is of, from 1: when that fails, the chunks of the next one begin anew. */
  readonly attempt: number
  /** Its place in the stream, from 0. */
  readonly index: number
  readonly chunk: C
}

/**
 * Sees each chunk in order; the next one is asked for when it is done. What it throws is recorded as the event
 * `hook_error` and changes nothing.
 *
 * @example
 * const onChunk: OnChunk<string> = ({ chunk }) => console.log(chunk)
 */
export type OnChunk<C = unknown> = (event: ChunkEvent<C>) => unknown

/**
 * What becomes of a stream. A stream is anything with a method `Symbol.asyncIterator`: what an `async function*` gives, a
 * `ReadableStream`, a readable of Node. To hand one on unread, put it into an object.
 *
 * @example
 * const options: StreamOptions<string, string> = { collect: (chunks) => chunks.join('') }
 */
export interface StreamOptions<C, K> {
  /** Sees the chunks while they come. Only of a function that gives a stream. */
  readonly onChunk?: OnChunk<C> | undefined
  /** Makes the step's output of all chunks, once the stream has ended. Default: the list of them. */
  readonly collect?: ((chunks: C[]) => K) | undefined
}

/**
 * What a step gives whose function gives this: of a stream the list of its chunks.
 *
 * @example
 * const words: Gathered<AsyncIterable<string>> = ['to', 'be']
 */
export type Gathered<R> = R extends AsyncIterable<infer C> ? C[] : R

/**
 * The chunks of a stream.
 *
 * @example
 * const word: ChunkOf<AsyncIterable<string>> = 'be'
 */
export type ChunkOf<R> = R extends AsyncIterable<infer C> ? C : never

/**
 * What a step gives, `K` being what its `collect` does.
 *
 * @example
 * const text: Collected<AsyncIterable<string>, Promise<string>> = 'to be'
 */
export type Collected<R, K> = [K] extends [never] ? Gathered<R> : Awaited<K>
