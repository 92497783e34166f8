/**
 * Freezes plain data, and all in it that is not frozen yet, and gives it back: a subject must not rewrite the scenario
 * that it runs in. Depth is bounded, because the data has been checked.
 */
export function deepFreeze<T>(data: T): T {
  if (typeof data !== 'object' || data === null || Object.isFrozen(data)) return data
  Object.freeze(data)
  for (const part of Object.values(data)) deepFreeze(part)
  return data
}
