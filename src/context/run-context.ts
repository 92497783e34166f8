import { ABSENT, type Change, ContextValues, readable, SharedList } from './context-values.ts'
import { ContextView } from './context-view.ts'
import { isolate } from './isolate.ts'

/**
 * The committed context of a run, or of one branch of it.
 *
 * Its values are immutable (`ContextValues`): `now` is the moment, for free. A view is one attempt's look at a moment;
 * its commit makes new values the context's.
 */
export class RunContext {
  #values = ContextValues.EMPTY
  /** What a fork started with; `undefined` for a run's own context. */
  #start: ContextValues | undefined
  /** A fork's keys that changed since: the length its list had if it was only appended to, else `undefined`. */
  #changed: Map<string, number | undefined> | undefined

  /** @throws CopyError for values that cannot be copied */
  constructor(initial: Readonly<Record<string, unknown>> | undefined) {
    if (initial === undefined) return
    const changes = new Map<string, Change>()
    for (const [key, value] of Object.entries(initial))
      changes.set(key, { kind: 'set', value: isolate(value) })
    this.#values = this.#values.with(changes)
  }

  /** The values at this moment; what is committed later does not change them. Costs nothing. */
  get now(): ContextValues {
    return this.#values
  }

  /** The context as it is now, or was at `moment`; its writes stay in it until they are committed. */
  view(moment: ContextValues = this.#values, owner?: string): ContextView {
    return new ContextView(moment, (changes) => this.commit(changes), owner)
  }

  /** Makes changes to the newest values. @throws TypeError for an append to something that is not a list */
  commit(changes: ReadonlyMap<string, Change>): void {
    const before = this.#values
    this.#values = before.with(changes)
    if (this.#start === undefined) return
    const changed = (this.#changed ??= new Map())
    for (const [key, { kind }] of changes) {
      if (kind !== 'append') changed.set(key, undefined)
      else if (!changed.has(key)) changed.set(key, appendableFrom(before.find(key)))
    }
  }

  /** The committed values; a copy that belongs to the caller. @throws CopyError */
  snapshot(): Readonly<Record<string, unknown>> {
    if (this.#values === ContextValues.EMPTY) return {}
    const values = [...this.#values.keys()].map((key) => [key, readable(this.#values.find(key))])
    return isolate(Object.fromEntries(values) as Record<string, unknown>)
  }

  /**
   * A context of its own for a branch or an iteration, starting with what is here now: what either commits, the other
   * does not see. Costs nothing until one of them writes.
   *
   * @param include the keys it starts with; all of them when left out
   */
  fork(include?: readonly string[]): RunContext {
    const fork = new RunContext(undefined)
    fork.#values = include === undefined ? this.#values : this.#values.only(include)
    fork.#start = fork.#values
    return fork
  }

  /** True once a fork has committed something. */
  get changed(): boolean {
    return this.#changed !== undefined
  }

  /**
   * Makes what a fork committed this context's. Where nothing was committed here since, its values become these: a list
   * that was appended to is not copied, so that a thousand iterations that append once each cost a thousand appends.
   */
  adopt(fork: RunContext): void {
    if (fork.#start !== this.#values) {
      const changes = fork.changes()
      if (changes.size > 0) this.commit(changes)
      return
    }
    this.#values = fork.#values
    if (this.#start === undefined || fork.#changed === undefined) return
    const changed = (this.#changed ??= new Map())
    for (const [key, appendedFrom] of fork.#changed)
      if (appendedFrom === undefined || !changed.has(key)) changed.set(key, appendedFrom)
  }

  /** What a fork committed, by key, for the context it was forked from to commit; nothing for a run's own context. */
  changes(): ReadonlyMap<string, Change> {
    const changes = new Map<string, Change>()
    for (const [key, appendedFrom] of this.#changed ?? []) {
      const change = this.#change(key, appendedFrom)
      if (change !== undefined) changes.set(key, change)
    }
    return changes
  }

  /** A new key that was taken back again is no change. */
  #change(key: string, appendedFrom: number | undefined): Change | undefined {
    const found = this.#values.find(key)
    if (found === ABSENT) return this.#start?.find(key) === ABSENT ? undefined : { kind: 'delete' }
    if (!(found instanceof SharedList)) return { kind: 'set', value: found }
    return appendedFrom === undefined
      ? { kind: 'set', value: found.read().slice() }
      : { kind: 'append', items: found.read(appendedFrom) }
  }
}

/** The length of the list an append grows; `undefined` for one that it replaces, a list that is shared with steps. */
function appendableFrom(found: unknown): number | undefined {
  if (found instanceof SharedList) return found.length
  return found === ABSENT || found === undefined ? 0 : undefined
}
