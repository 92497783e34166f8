import type { Adapter, AdapterCall } from './adapter.ts'

/**
 * A function of this process as an adapter.
 *
 * @param options what an adapter has beside its work: `capabilities`, `health`, `initialize`, `close`
 *
 * @example
 * const local = functionAdapter('local', async (task: { prompt: string }) => `echo: ${task.prompt}`, {
 *   capabilities: ['text'],
 * })
 */
export function functionAdapter<T = unknown, R = unknown>(
  name: string,
  execute: (task: T, call: AdapterCall) => R,
  options: Omit<Adapter, 'name' | 'execute'> = {},
): Adapter<NoInfer<T>, Awaited<NoInfer<R>>> {
  return Object.freeze({ ...options, name, execute: execute as never })
}
