import type { Context } from './context.ts'
import { ABSENT, type Change, type ContextValues, listFrom, notAList, readable } from './context-values.ts'
import { isolate, isolateAt } from './isolate.ts'
import { unchanged } from './unchanged.ts'

/** What an attempt did with one key. */
type Write =
  /** `own`: a list that this view made, which it may append to; any other is its setter's. */
  | { readonly kind: 'set'; readonly value: unknown; readonly own?: boolean }
  | { readonly kind: 'delete'; readonly value?: undefined; readonly own?: undefined }
  | { readonly kind: 'append'; readonly items: unknown[] }
  /** A copy was handed out, which may be written to; `items` were appended to it. */
  | { readonly kind: 'read'; readonly copy: object; readonly items: unknown[] }

/**
 * The context as it was at one moment, and what one attempt writes on top of it. An attempt that reads and writes
 * nothing costs nothing, one that reads an object copies just that.
 */
export class ContextView implements Context {
  readonly #start: ContextValues
  readonly #commit: (changes: ReadonlyMap<string, Change>) => void
  readonly #owner: string | undefined
  #writes: Map<string, Write> | undefined

  /** @param owner whose view it is, for errors: `step 'draft'` */
  constructor(
    start: ContextValues,
    commit: (changes: ReadonlyMap<string, Change>) => void,
    owner: string | undefined,
  ) {
    this.#start = start
    this.#commit = commit
    this.#owner = owner
  }

  get(key: string): unknown {
    const write = this.#writes?.get(key)
    switch (write?.kind) {
      case 'set':
        return write.value
      case 'read':
        return write.copy
      case 'delete':
        return undefined
      case 'append': {
        const list = [...isolate(listFrom(key, this.#start.find(key)).read())]
        for (const item of write.items) list.push(item)
        return this.#handOut(key, list, write.items)
      }
      case undefined: {
        const found = readable(this.#start.find(key))
        const copy = isolate(found)
        // A copy may be written to. A primitive cannot be, and an instance of a class is shared anyway.
        return copy === found ? copy : this.#handOut(key, copy as object, [])
      }
    }
  }

  has(key: string): boolean {
    const write = this.#writes?.get(key)
    return write === undefined ? this.#start.find(key) !== ABSENT : write.kind !== 'delete'
  }

  set(key: string, value: unknown): void {
    this.#write(key, { kind: 'set', value })
  }

  delete(key: string): void {
    this.#write(key, { kind: 'delete' })
  }

  append(key: string, item: unknown): void {
    const write = this.#writes?.get(key)
    switch (write?.kind) {
      case undefined:
        // Refuses what is not a list at once, in the line that is wrong.
        listFrom(key, this.#start.find(key))
        this.#write(key, { kind: 'append', items: [item] })
        return
      case 'append':
        write.items.push(item)
        return
      case 'read':
        appendTo(key, write.copy, item)
        write.items.push(item)
        return
      case 'delete':
      case 'set':
        if (write.own === true) appendTo(key, write.value, item)
        else this.#write(key, { kind: 'set', value: [...setList(key, write.value), item], own: true })
    }
  }

  keys(): string[] {
    const keys = this.#start.keys()
    for (const [key, { kind }] of this.#writes ?? []) {
      if (kind === 'delete') keys.delete(key)
      else keys.add(key)
    }
    return [...keys]
  }

  /**
   * Makes this view's writes the context's. What was set is copied, so that later writes through old references stay
   * out; what was only read is no write.
   *
   * @throws CopyError for a value that cannot be copied, naming its key; then nothing is committed
   */
  commit(): void {
    if (this.#writes === undefined) return
    const changes = this.changes()
    if (changes.size > 0) this.#commit(changes)
  }

  /** What `commit` would make the context's. @throws CopyError */
  changes(): ReadonlyMap<string, Change> {
    const changes = new Map<string, Change>()
    for (const [key, write] of this.#writes ?? []) {
      const change = this.#changeOf(key, write)
      if (change !== undefined) changes.set(key, change)
    }
    return changes
  }

  #changeOf(key: string, write: Write): Change | undefined {
    switch (write.kind) {
      case 'set':
        return { kind: 'set', value: this.#copy(key, write.value) }
      case 'delete':
        return this.#start.find(key) === ABSENT ? undefined : write
      case 'append':
        return { kind: 'append', items: this.#copy(key, write.items) }
      case 'read':
        return this.#changeOfCopy(key, write.copy, write.items)
    }
  }

  /** What was done to a copy that was handed out: nothing, appends and nothing else, or something. */
  #changeOfCopy(key: string, copy: object, items: readonly unknown[]): Change | undefined {
    const found = this.#start.find(key)
    if (items.length === 0) {
      return unchanged(readable(found), copy) ? undefined : { kind: 'set', value: this.#copy(key, copy) }
    }
    const list = copy as readonly unknown[]
    const start = list.length - items.length
    const appended =
      items.every((item, index) => Object.is(item, list[start + index])) &&
      unchanged(listFrom(key, found).read(), list.slice(0, start))
    return appended
      ? { kind: 'append', items: this.#copy(key, items) }
      : { kind: 'set', value: this.#copy(key, copy) }
  }

  #copy<T>(key: string, value: T): T {
    const owner = this.#owner === undefined ? '' : ` of ${this.#owner}`
    return isolateAt(`Context key '${key}'${owner}: `, value)
  }

  #handOut(key: string, copy: object, items: unknown[]): object {
    this.#write(key, { kind: 'read', copy, items })
    return copy
  }

  #write(key: string, write: Write): void {
    ;(this.#writes ??= new Map()).set(key, write)
  }
}

/** The list that was set; a new one where nothing was. */
function setList(key: string, value: unknown): readonly unknown[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw notAList(key, value)
  return value
}

function appendTo(key: string, list: unknown, item: unknown): void {
  if (!Array.isArray(list)) throw notAList(key, list)
  list.push(item)
}
