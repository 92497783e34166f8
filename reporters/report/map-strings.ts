/**
 * A copy of plain data with `change` applied to every string in it. Keys stay, and so do the values of `except`.
 *
 * The type stays too: `change` must turn every string into one that may take its place.
 */
export function mapStrings<T>(
  data: T,
  change: (text: string) => string,
  except: ReadonlySet<string> = new Set(),
): T {
  const map = (value: unknown): unknown => {
    if (typeof value === 'string') return change(value)
    if (Array.isArray(value)) return value.map(map)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, except.has(key) ? inner : map(inner)]),
    )
  }
  return map(data) as T
}
