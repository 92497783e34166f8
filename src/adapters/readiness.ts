import type { AnyAdapter } from './adapter.ts'

/** What an adapter's `initialize` has come to; nothing for one that was never asked. */
const initialised = new WeakMap<AnyAdapter, 'done' | Promise<void>>()

/**
 * Initialises an adapter that has not been yet, once for all who ask. `undefined` when there is nothing to wait for. One that fails
 * is tried again by the next who asks.
 */
export function ready(adapter: AnyAdapter): Promise<void> | undefined {
  if (adapter.initialize === undefined) return undefined
  const known = initialised.get(adapter)
  if (known !== undefined) return known === 'done' ? undefined : known
  const asked = initialise(adapter)
  initialised.set(adapter, asked)
  return asked
}

async function initialise(adapter: AnyAdapter): Promise<void> {
  try {
    await adapter.initialize?.()
    initialised.set(adapter, 'done')
  } catch (thrown) {
    initialised.delete(adapter)
    throw thrown
  }
}

/** Closes adapters, each whatever becomes of the others; an adapter that is used again is initialised again. */
export async function closeAll(adapters: Iterable<AnyAdapter>): Promise<void> {
  const closed = await Promise.allSettled(
    [...adapters].map(async (adapter) => {
      initialised.delete(adapter)
      await adapter.close?.()
    }),
  )
  const failures = closed.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []))
  if (failures.length === 1) throw failures[0]
  if (failures.length > 1) throw new AggregateError(failures, `${failures.length} adapters failed to close`)
}
