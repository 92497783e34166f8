/**
 * What a value holds at the end of a path of own keys; `undefined` where the path leads nowhere.
 *
 * @example
 * valueAt({ budgets: { warnings: 3 } }, ['budgets', 'warnings']) // 3
 */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined
    at = (at as Record<PropertyKey, unknown>)[key]
  }
  return at
}
