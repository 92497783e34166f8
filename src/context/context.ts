/**
 * The run's shared state as it was when this attempt started. Writes stay in the attempt and reach the run only when
 * the attempt succeeds; what `get` returns may be written to freely, it is the attempt's own copy. Keep plain data in
 * it: instances of classes cannot be copied and are shared.
 *
 * @example
 * const tally = step('tally', (text: string, ctx) => {
 *   ctx.context.append('seen', text)
 *   const words = (ctx.context.get('words') ?? 0) as number
 *   ctx.context.set('words', words + text.split(' ').length)
 *   return text
 * })
 */
export interface Context {
  /** The value under `key`, `undefined` where there is none. An object is a copy; writing to it counts as `set`. */
  get(key: string): unknown
  has(key: string): boolean
  set(key: string, value: unknown): void
  delete(key: string): void
  /**
   * Adds to the list under `key`, starting one where there is none; as fast for a long list as for a short one.
   * @throws TypeError if the key holds something else
   */
  append(key: string, item: unknown): void
  keys(): string[]
}
