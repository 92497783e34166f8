import type { DurableStore } from '../../audit/durable-store.ts'
import type { AuditRecord } from '../../audit/records.ts'
import { isControlSignal } from '../../base/control.ts'
import type { SerializedError, StepResult } from '../../base/result.ts'
import { serializeError } from '../../base/serialize-error.ts'
import type { Change } from '../../context/context-values.ts'
import type { Clock } from '../../world/world.ts'
import { START_KEY } from './beginning.ts'
import { type CheckpointCodec, encode } from './checkpoint-codec.ts'
import { decoded, encoded } from './encoded.ts'
import { plainError, reviveError } from './plain-error.ts'
import { type Before, keyOf, NOTHING_BEFORE, type Past, type Place } from './past.ts'
import { ReplayOrder } from './replay-order.ts'
import { checkStorable } from './storable.ts'

export type Changes = ReadonlyMap<string, Change>

const NO_CHANGES: Changes = new Map()

/** What a leaf came to when it ran, and what it did to the context. */
export interface Kept {
  readonly result: StepResult
  readonly changes: Changes
}

/** What a run that is carried on starts from. */
export interface Carried {
  readonly past: Past
  /** By key, in the order they were saved. */
  readonly checkpoints: ReadonlyMap<string, readonly Buffer[]>
  /** The answer an approval is given now, by the key of its place. */
  readonly answer?: Answer | undefined
}

export interface Answer {
  readonly place: Place
  readonly value: unknown
}

export interface DurableStart {
  readonly runId: string
  readonly store: DurableStore
  readonly codec: CheckpointCodec
  readonly clock: Pick<Clock, 'afterTurn'>
  /** What a new run starts with, sealed. */
  readonly start?: Uint8Array | undefined
  readonly carried?: Carried | undefined
}

/**
 * What makes a run durable: it keeps what each leaf came to and each decision, exactly, beside the trail. A run that is
 * carried on is the same plan from its start, in which what is kept is given at once: nothing that completed runs again,
 * and nothing that is on record is recorded again.
 */
export class Durable {
  readonly #runId: string
  readonly #store: DurableStore
  readonly #codec: CheckpointCodec
  readonly #start: Uint8Array | undefined
  readonly #carried: Carried | undefined
  readonly #order: ReplayOrder | undefined
  /** How often each decision was asked for. */
  readonly #asked = new Map<string, number>()
  /** Of the attempt that has just completed. */
  #prepared: Buffer | undefined

  constructor({ runId, store, codec, clock, start, carried }: DurableStart) {
    this.#runId = runId
    this.#store = store
    this.#codec = codec
    this.#start = start
    this.#carried = carried
    if (carried !== undefined) this.#order = new ReplayOrder([...carried.checkpoints.keys()], clock)
  }

  get past(): Past | undefined {
    return this.#carried?.past
  }

  /** The run has started: what it starts with is kept with the record of it. */
  started(): void {
    if (this.#start !== undefined) this.#store.save(this.#runId, START_KEY, this.#start)
  }

  /** This engine is done with the run. One that has not ended may be carried on by whoever wants to. */
  letGo(): void {
    this.#store.release(this.#runId)
  }

  /** The answer that this life was started for; `undefined` for another place. */
  answerFor(place: Place): Answer | undefined {
    const answer = this.#carried?.answer
    return answer !== undefined && leafKey(answer.place) === leafKey(place) ? answer : undefined
  }

  holds(record: AuditRecord): boolean {
    return this.past?.holds(record) === true
  }

  /** What the attempts of a step came to that are on record. */
  before(place: Place): Before {
    return this.past?.before(place) ?? NOTHING_BEFORE
  }

  /** The run has an earlier life. */
  get isCarriedOn(): boolean {
    return this.#carried !== undefined
  }

  /**
   * What a leaf came to in an earlier life, when it is its turn; `undefined` when it has to run, and all that came
   * before it has been given.
   */
  async recall(place: Place): Promise<Kept | undefined> {
    const parts = await this.#recall(leafKey(place))
    if (parts === undefined) {
      await this.#order?.end()
      return undefined
    }
    const [[output, changes], rest] = parts.map(decoded) as [[unknown, Changes?], KeptRest]
    return { result: { ...rest, output, path: place.path } as StepResult, changes: changes ?? NO_CHANGES }
  }

  /** Whether `recall` has something to give. */
  remembers(place: Place): boolean {
    return this.#carried?.checkpoints.has(leafKey(place)) === true
  }

  /**
   * What is to be kept of an attempt that completed, before its result is accepted.
   * @param step its name, for errors
   * @throws CheckpointError when it cannot be kept exactly
   */
  prepare(step: string, output: unknown, changes: Changes | undefined): void {
    const what = `the output of step '${step}'`
    let isOdd = checkStorable(what, output)
    for (const [key, change] of changes ?? []) {
      if (change.kind === 'delete') continue
      const written = change.kind === 'set' ? change.value : change.items
      if (checkStorable(`context key '${key}' of step '${step}'`, written)) isOdd = true
    }
    const parts = changes === undefined || changes.size === 0 ? [output] : [output, changes]
    this.#prepared = encoded(what, parts, isOdd)
  }

  /** Keeps what a leaf came to, with the records of this turn. */
  keep(place: Place, result: StepResult): void {
    const prepared = result.status === 'completed' ? this.#prepared : undefined
    this.#prepared = undefined
    const { output: _output, path: _path, ...rest } = result
    const error = rest.error === null ? null : plainError(rest.error)
    const what = `the result of step '${result.name}'`
    this.#save(leafKey(place), [prepared ?? encode([]), encoded(what, { ...rest, error })])
  }

  /** A decision of the user's code: what it was before, or what `ask` says now. */
  async decide<T>(place: Place, what: string, ask: () => T | PromiseLike<T>): Promise<T> {
    const name = keyOf('decision', place.tokenId, place.visit, place.path, what)
    const nth = (this.#asked.get(name) ?? 0) + 1
    this.#asked.set(name, nth)
    const key = keyOf(name, nth)
    const kept = await this.#recall(key)
    if (kept !== undefined) {
      const [[value, error]] = kept.map(decoded) as [[T, SerializedError?]]
      if (error !== undefined) throw reviveError(error)
      return value
    }
    const about = `what \`${what}\` of '${place.path}' gave`
    let value: T
    try {
      value = await ask()
    } catch (thrown) {
      if (!isControlSignal(thrown))
        this.#save(key, [encoded(about, [undefined, plainError(serializeError(thrown))])])
      throw thrown
    }
    const isOdd = checkStorable(about, value)
    this.#save(key, [encoded(about, [value], isOdd)])
    return value
  }

  async #recall(key: string): Promise<readonly Buffer[] | undefined> {
    const parts = this.#carried?.checkpoints.get(key)
    if (parts !== undefined) await this.#order?.turnOf(key)
    return parts
  }

  #save(key: string, parts: readonly Buffer[]): void {
    const runId = this.#runId
    this.#store.save(runId, key, this.#codec.seal({ runId, key }, parts))
  }
}

type KeptRest = Omit<StepResult, 'output' | 'path'>

function leafKey({ tokenId, visit, path }: Place): string {
  return keyOf('leaf', tokenId, visit, path)
}
