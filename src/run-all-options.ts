import { parseOptions } from './base/options.ts'
import * as z from './base/zod.ts'
import { ConfigurationError } from './base/control.ts'
import { got } from './base/got.ts'
import { type RunOptions, runOptionsShape } from './engine-options.ts'
import type { ItemSettings } from './items/item-run.ts'
import type { ItemResult } from './items/run-all-result.ts'

/**
 * @example
 * const options: RunAllOptions<{ id: string }, string> = {
 *   key: ({ id }) => id,
 *   concurrency: 4,
 *   keepResults: 0,
 *   onItem: ({ item, result }) => console.log(item, result.status),
 * }
 */
export interface RunAllOptions<I = never, O = unknown> extends Omit<RunOptions, 'durable'> {
  /**
   * The id of an item in the audit trail and in results, given a copy of it. An item fails that it throws for, or gives no
   * text or number for. Default: its place in the source, from 0.
   */
  readonly key?: ((item: I, index: number) => string | number) | undefined
  /** How many items are worked on at once; one that waits at a join is not worked on. 1 to 10 000; default 16. */
  readonly concurrency?: number | undefined
  /**
   * Called with a copy of every item's result, in the order in which they end. Its item keeps its place until what it
   * returns has settled, or the run is aborted. What it throws ends the run, which takes no more items then.
   */
  readonly onItem?: ((ended: ItemResult<O>) => unknown) | undefined
  /** How many results `items` of the result holds: the first that end. 0 to 1 000 000; default 10 000. */
  readonly keepResults?: number | undefined
}

/** Enough to keep a model or a database busy, few enough for their limits. */
const CONCURRENCY_DEFAULT = 16
/** More at once would wait for each other. */
const CONCURRENCY_MAX = 10_000
/** Some tens of MB with results of a few KB each. */
const KEEP_RESULTS_DEFAULT = 10_000
const KEEP_RESULTS_MAX = 1_000_000

const callable = z.custom<() => unknown>((value) => typeof value === 'function', 'expected a function')

const optionsSchema = z.strictObject({
  ...runOptionsShape,
  key: callable.optional(),
  concurrency: z.int().min(1).max(CONCURRENCY_MAX).optional(),
  onItem: callable.optional(),
  keepResults: z.int().min(0).max(KEEP_RESULTS_MAX).optional(),
})

/** @throws ConfigurationError on an unknown option or an impossible value */
export function checkRunAllOptions<I, O>(options: RunAllOptions<I, O>): RunAllOptions {
  return parseOptions(optionsSchema, options, 'engine.runAll') as RunAllOptions
}

/** How items are run, with every default filled in. */
export function itemSettingsOf({ key, onItem, concurrency, keepResults }: RunAllOptions): ItemSettings {
  return {
    key,
    onItem,
    concurrency: concurrency ?? CONCURRENCY_DEFAULT,
    keepResults: keepResults ?? KEEP_RESULTS_DEFAULT,
  }
}

/** @throws ConfigurationError for what gives no items one after the other */
export function checkSource(source: unknown): void {
  const value = Object(source) as Partial<AsyncIterable<unknown> & Iterable<unknown>>
  if (typeof value[Symbol.asyncIterator] === 'function') return
  // A text has letters, and nobody means them.
  if (typeof source !== 'string' && typeof value[Symbol.iterator] === 'function') return
  throw new ConfigurationError(
    `Expected the source of engine.runAll to be a list, a generator or another iterable of items, got ${got(source)}.`,
  )
}
