import { isDeepStrictEqual } from 'node:util'
import { ShakedownError } from '../base/errors.ts'
import { type Change, type ContextValues, listFrom, readable } from '../context/context-values.ts'
import { isolate, isolateAt } from '../context/isolate.ts'

/** The strategies there are; see `ContextMerge`. */
export const CONTEXT_MERGES = ['error-on-conflict', 'overwrite', 'keep-first', 'none'] as const

/**
 * How what branches wrote to their contexts becomes the run's. A conflict is a key that two branches wrote different
 * values to; appends to one list are none, they merge in declared order.
 *
 * - `error-on-conflict`: a conflict fails the node, and nothing is merged
 * - `overwrite`: the last declared of the branches that wrote the key wins
 * - `keep-first`: the first declared of them wins
 * - `none`: nothing is merged
 *
 * @example
 * const merge: ContextMerge = 'overwrite'
 */
export type ContextMerge = (typeof CONTEXT_MERGES)[number]

/**
 * Says what a key holds that branches wrote different values to: given the key, what it held before (`undefined` where
 * it held nothing), and what it holds in each branch that wrote it (`undefined` where the branch deleted it). What it
 * returns, or resolves to, is set; `undefined` removes the key.
 *
 * @example
 * const highest: OnConflict = (_key, _base, values) => Math.max(...(Object.values(values) as number[]))
 */
export type OnConflict = (key: string, base: unknown, values: Readonly<Record<string, unknown>>) => unknown

/** What one branch did to its context. */
export interface BranchChanges {
  readonly branch: string
  readonly changes: ReadonlyMap<string, Change>
}

/**
 * Branches wrote different values to one key of the context.
 *
 * @example
 * const result = await engine.run(reviews, 'tides')
 * if (result.error?.name === MergeConflictError.name) console.error(result.feedback)
 */
export class MergeConflictError extends ShakedownError {
  override readonly name = 'MergeConflictError'

  constructor(key: string, branches: readonly string[], more: number) {
    const others = more === 0 ? '' : `, and to ${more} more ${more === 1 ? 'key' : 'keys'}`
    super(
      'E_MERGE_CONFLICT',
      `Merge conflict for key '${key}': branches ${inWords(branches)} wrote different values${others}`,
      { hint: 'Let one branch write the key, or say with `context` or `onConflict` which value wins.' },
    )
  }
}

/** One branch's change of a key. */
interface Written {
  readonly branch: string
  readonly change: Change
}

/**
 * The changes of branches as one, for the context they were forked from.
 *
 * @param base the context as it was when they were forked
 * @param branches in declared order; in which order they ended makes no difference
 * @param ask for a key in conflict; instead of `merge`
 * @throws MergeConflictError; rejects with what `ask` rejects with, and for an answer that cannot be copied
 */
export async function mergeContext(
  base: ContextValues,
  branches: readonly BranchChanges[],
  merge: ContextMerge,
  ask?: OnConflict,
): Promise<ReadonlyMap<string, Change>> {
  const merged = new Map<string, Change>()
  if (merge === 'none') return merged
  const conflicts: [key: string, written: readonly Written[]][] = []
  for (const [key, written] of byKey(branches)) {
    const change = agreed(base, key, written)
    if (change === undefined) conflicts.push([key, written])
    // Also for a key in conflict, so that keys keep the order in which they were written.
    merged.set(key, change ?? chosen(base, key, written, merge))
  }
  const [first] = conflicts
  if (first === undefined) return merged
  if (ask !== undefined)
    for (const [key, written] of conflicts) merged.set(key, await asked(base, key, written, ask))
  else if (merge === 'error-on-conflict') throw conflict(first[0], first[1], conflicts.length - 1)
  return merged
}

function conflict(key: string, written: readonly Written[], more: number): MergeConflictError {
  return new MergeConflictError(
    key,
    written.map(({ branch }) => branch),
    more,
  )
}

/** Who wrote each key. */
function byKey(branches: readonly BranchChanges[]): ReadonlyMap<string, Written[]> {
  const keys = new Map<string, Written[]>()
  for (const { branch, changes } of branches)
    for (const [key, change] of changes) {
      const written = keys.get(key)
      if (written === undefined) keys.set(key, [{ branch, change }])
      else written.push({ branch, change })
    }
  return keys
}

/** What those who wrote a key agree on: appends one after the other, or the value that the key holds in each of them. */
function agreed(base: ContextValues, key: string, written: readonly Written[]): Change | undefined {
  const [first, ...others] = written.map(({ change }) => change)
  if (first === undefined || others.length === 0) return first
  return appended(first, others) ?? same(base, key, first, others)
}

function appended(first: Change, others: readonly Change[]): Change | undefined {
  if (first.kind !== 'append') return undefined
  const items = [...first.items]
  for (const change of others) {
    if (change.kind !== 'append') return undefined
    // One by one: a list can be longer than a call can have arguments.
    for (const item of change.items) items.push(item)
  }
  return { kind: 'append', items }
}

function same(
  base: ContextValues,
  key: string,
  first: Change,
  others: readonly Change[],
): Change | undefined {
  const value = valueOf(base, key, first)
  const isSame = (change: Change): boolean =>
    (first.kind === 'delete') === (change.kind === 'delete') && isEqual(value, valueOf(base, key, change))
  if (!others.every(isSame)) return undefined
  return first.kind === 'append' ? { kind: 'set', value } : first
}

function isEqual(a: unknown, b: unknown): boolean {
  try {
    return isDeepStrictEqual(a, b)
  } catch {
    // An instance of a class that cannot be read is shared, not copied. What cannot be compared may differ.
    return a === b
  }
}

/** What one branch made of a key in conflict, whatever the others did to it. */
function chosen(base: ContextValues, key: string, written: readonly Written[], merge: ContextMerge): Change {
  const winner = merge === 'keep-first' ? written[0] : written.at(-1)
  if (winner === undefined) throw new TypeError(`nobody wrote context key '${key}'`)
  if (winner.change.kind !== 'append') return winner.change
  return { kind: 'set', value: valueOf(base, key, winner.change) }
}

async function asked(
  base: ContextValues,
  key: string,
  written: readonly Written[],
  ask: OnConflict,
): Promise<Change> {
  const values = Object.fromEntries(
    written.map(({ branch, change }) => [branch, isolate(valueOf(base, key, change))]),
  )
  const value = await ask(key, isolate(readable(base.find(key))), values)
  if (value === undefined) return { kind: 'delete' }
  return { kind: 'set', value: isolateAt(`Context key '${key}' as \`onConflict\` gave it: `, value) }
}

/** What a key holds after a change of its own. */
function valueOf(base: ContextValues, key: string, change: Change): unknown {
  switch (change.kind) {
    case 'set':
      return change.value
    case 'delete':
      return undefined
    case 'append':
      return [...listFrom(key, base.find(key)).read(), ...change.items]
  }
}

/** Most branches that a message names. */
const NAMED_MAX = 5

function inWords(branches: readonly string[]): string {
  const named = branches.slice(0, NAMED_MAX).map((branch) => `'${branch}'`)
  const more = branches.length - named.length
  if (more > 0) return `${named.join(', ')} and ${more} more`
  return `${named.slice(0, -1).join(', ')} and ${named.at(-1) ?? ''}`
}
