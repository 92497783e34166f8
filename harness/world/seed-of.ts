/**
 * The seed of a scenario's own randomness: each has its own, so that the ids of two scenarios do not meet in a database
 * that both write to. FNV-1a (Fowler, Noll and Vo), 32 bits, over name and seed.
 */
export function seedOf({ name, seed }: { readonly name: string; readonly seed: number }): number {
  let hash = 0x811c9dc5
  for (const letter of `${seed} ${name}`) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193)
  return hash >>> 0
}
