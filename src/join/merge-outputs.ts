import { isPlainPrototype } from '../base/plain-json.ts'
import type { JoinMerge } from './join-spec.ts'

/** What came of the outputs of the branches that arrived. */
export type Merged =
  | {
      readonly kind: 'merged'
      readonly output: unknown
      /** Of `union`: the fields that several branches gave, each with what every one of them gave. */
      readonly collisions: Collisions
    }
  | { readonly kind: 'impossible'; readonly reason: string }

/** By field, then by branch. */
export type Collisions = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export const NO_COLLISIONS: Collisions = Object.freeze({})

/**
 * Merges what arrived.
 * @param arrived by branch, in the order in which the branches are declared
 */
export function mergeOutputs(merge: JoinMerge, arrived: ReadonlyMap<string, unknown>): Merged {
  // By entries, so that a branch or a field called `__proto__` is one like any other.
  if (merge === 'nested') return merged(Object.fromEntries(arrived))
  if (merge === 'union') return union(arrived)
  return arrived.has(merge.select)
    ? merged(arrived.get(merge.select))
    : { kind: 'impossible', reason: 'select_branch_not_arrived' }
}

function merged(output: unknown, collisions: Collisions = NO_COLLISIONS): Merged {
  return { kind: 'merged', output, collisions }
}

function union(arrived: ReadonlyMap<string, unknown>): Merged {
  const output = new Map<string, unknown>()
  const given = new Map<string, [branch: string, value: unknown][]>()
  for (const [branch, fields] of arrived) {
    if (!hasFields(fields)) return { kind: 'impossible', reason: `union_of_no_object:${branch}` }
    for (const [field, value] of Object.entries(fields)) {
      output.set(field, value)
      const others = given.get(field)
      if (others === undefined) given.set(field, [[branch, value]])
      else others.push([branch, value])
    }
  }
  const several = [...given].filter(([, values]) => values.length > 1)
  return merged(
    Object.fromEntries(output),
    several.length === 0
      ? NO_COLLISIONS
      : Object.fromEntries(several.map(([field, values]) => [field, Object.fromEntries(values)])),
  )
}

/** A list has numbers for fields, and maps have none: neither is what a union can be made of. */
function hasFields(value: unknown): value is object {
  return typeof value === 'object' && value !== null && isPlainPrototype(Object.getPrototypeOf(value))
}
