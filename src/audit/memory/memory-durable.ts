import type { Status } from '../../base/result.ts'
import {
  type Checkpoint,
  type Claim,
  type DurableStore,
  UNFINISHED_MAX,
  type UnfinishedRun,
} from '../durable-store.ts'
import type { MemoryRun } from './memory-run.ts'

interface DurableRun {
  readonly keep: boolean
  readonly checkpoints: Checkpoint[]
  /** An engine is at work on it. */
  readonly held: boolean
}

const BY_THIS_PROCESS = `process ${process.pid}`

/** Durable runs in memory: they can be carried on while the store lives. */
export class MemoryDurable implements DurableStore {
  readonly #runs: ReadonlyMap<string, MemoryRun>
  /** Runs that accept no more; one that is taken again does. */
  readonly #over: Set<string>
  readonly #toLease = new Map<string, boolean>()
  readonly #durable = new Map<string, DurableRun>()

  constructor(runs: ReadonlyMap<string, MemoryRun>, over: Set<string>) {
    this.#runs = runs
    this.#over = over
  }

  lease(runId: string, keep: boolean): void {
    this.#toLease.set(runId, keep)
  }

  async claim(runId: string, from: 'paused' | 'running', keep: boolean): Promise<Claim> {
    const run = this.#runs.get(runId)
    if (run === undefined) return { kind: 'unknown' }
    const durable = this.#durable.get(runId)
    if (durable?.held === true) return { kind: 'alive', by: BY_THIS_PROCESS }
    const status = run.finished?.status ?? 'running'
    if (status !== from) return { kind: 'status', status }
    if (durable === undefined) return { kind: 'not-durable' }
    run.goOn()
    this.#over.delete(runId)
    this.#durable.set(runId, { ...durable, keep, held: true })
    return { kind: 'claimed' }
  }

  release(runId: string): void {
    this.#toLease.delete(runId)
    const durable = this.#durable.get(runId)
    if (durable !== undefined) this.#durable.set(runId, { ...durable, held: false })
  }

  save(runId: string, key: string, data: Uint8Array): void {
    const durable = this.#durable.get(runId)
    if (durable?.held === true) durable.checkpoints.push({ key, data })
  }

  checkpoints(runId: string): readonly Checkpoint[] {
    return this.#durable.get(runId)?.checkpoints ?? []
  }

  unfinished(): readonly UnfinishedRun[] {
    const running = [...this.#runs].filter(([, { finished }]) => finished === undefined)
    const isDurable = ([runId]: (typeof running)[number]): boolean => this.#durable.has(runId)
    const others = running.filter((run) => !isDurable(run)).slice(0, UNFINISHED_MAX)
    return [...running.filter(isDurable), ...others].map(([runId, { started }]) => ({
      runId,
      pipeline: started.pipeline,
      state: this.#stateOf(runId),
    }))
  }

  /** A run has started. */
  started(runId: string): void {
    const keep = this.#toLease.get(runId)
    if (keep === undefined) return
    this.#toLease.delete(runId)
    this.#durable.set(runId, { keep, checkpoints: [], held: true })
  }

  /** A run has come to an end, or is paused. */
  ended(runId: string, status: Status): void {
    const durable = this.#durable.get(runId)
    if (durable === undefined) return
    const gone = status !== 'paused' && !durable.keep
    this.#durable.set(runId, { ...durable, checkpoints: gone ? [] : durable.checkpoints, held: false })
  }

  /** A run is dropped from memory. */
  forget(runId: string): void {
    this.#durable.delete(runId)
  }

  #stateOf(runId: string): UnfinishedRun['state'] {
    const durable = this.#durable.get(runId)
    if (durable === undefined) return { kind: 'not-durable' }
    return durable.held ? { kind: 'alive', by: BY_THIS_PROCESS } : { kind: 'dead' }
  }
}
