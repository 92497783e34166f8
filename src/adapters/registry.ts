import type { AuditReader } from '../audit/store.ts'
import { ConfigurationError } from '../base/control.ts'
import { type BreakerOptions, type BreakerState, DEFAULT_BREAKER } from '../policy/breaker.ts'
import { systemWorld } from '../world/system-world.ts'
import type { World } from '../world/world.ts'
import type { AnyAdapter } from './adapter.ts'
import { DEFAULT_HEALTH } from './health.ts'
import { type LiveAdapter, liveAdapter, type Watch } from './live.ts'
import { normalName } from './names.ts'
import type { Orders } from './order.ts'
import { closeAll } from './readiness.ts'
import { adapterProblems, registryProblems, type RegistryOptions } from './registry-options.ts'
import { type AdapterStatistics, UseWindow, WINDOW_TASKS } from './statistics.ts'

/**
 * Adapters that routes share: their orders, their circuit breakers and health, and what is known of how they have done.
 *
 * What goes on is kept for each world, so that a simulated run sees nothing of another one; statistics are kept for each audit
 * trail, and begin with what the trail knows.
 *
 * @example
 * const systems: AdapterRegistry = createRegistry([local])
 * const ask = route('ask', { adapters: systems })
 */
export interface AdapterRegistry<T = never, R = unknown> {
  /** In their one spelling, in the order they were listed. */
  readonly names: readonly string[]
  /** How each adapter has done with its latest 1 000 tasks. `of` is the audit trail of an engine; without one, its world. */
  statistics(of?: AuditReader | World): readonly AdapterStatistics[]
  /** The state of each circuit breaker, by adapter; nothing for registries without. Default: of the system world. */
  breakers(world?: World): Readonly<Record<string, BreakerState>>
  /**
   * Closes all adapters.
   * @throws what an adapter's `close` threw; an AggregateError for several
   */
  close(): Promise<void>
  /** Never set. */
  readonly types?: (task: T) => R
}

/** A registry of any types. */
export type AnyRegistry = AdapterRegistry

/** What tasks a list of adapters takes; of several adapters, what all of them take. */
export type TaskOf<A extends readonly AnyAdapter[]> = [A[number]['execute']] extends [
  (task: infer T, call: never) => unknown,
]
  ? T
  : never

/** What a list of adapters gives. */
export type ResultOf<A extends readonly AnyAdapter[]> = Awaited<ReturnType<A[number]['execute']>>

/** The windows of all adapters, by name. */
export type Windows = ReadonlyMap<string, UseWindow>

/** The inside of a registry, for those who route by it. */
export interface RegistryParts {
  /** `undefined` where it wants none. */
  readonly breaker: BreakerOptions | undefined
  readonly adapters: ReadonlyMap<string, AnyAdapter>
  readonly orders: Orders
  /** What goes on in a world, by adapter. */
  liveIn(world: World): ReadonlyMap<string, LiveAdapter>
  /** How adapters have done, by an audit trail or, without one, in a world. */
  windowsOf(place: AuditReader | World): Windows
}

const partsOf = new WeakMap<AnyRegistry, RegistryParts>()

/** The inside of a registry; `undefined` for what `createRegistry` did not make. */
export function registryParts(registry: unknown): RegistryParts | undefined {
  return typeof registry === 'object' && registry !== null ? partsOf.get(registry as AnyRegistry) : undefined
}

/**
 * A registry of adapters.
 *
 * @throws ConfigurationError that lists everything wrong with its adapters and options
 *
 * @example
 * const systems = createRegistry([prefect, agno], { orders: { ai_task: ['agno', 'prefect'] }, health: true })
 */
export function createRegistry<const A extends readonly AnyAdapter[]>(
  adapters: A,
  options: RegistryOptions = {},
): AdapterRegistry<TaskOf<A>, ResultOf<A>> {
  const problems = [
    ...adapterProblems(adapters, 'the registry'),
    ...registryProblems(options, 'the registry'),
  ]
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'))
  return makeRegistry(adapters, options)
}

/** The same of what has been checked. */
export function makeRegistry<const A extends readonly AnyAdapter[]>(
  listed: A,
  options: RegistryOptions,
): AdapterRegistry<TaskOf<A>, ResultOf<A>> {
  const adapters = new Map(listed.map((adapter) => [normalName(adapter.name), adapter]))
  const names = Object.freeze([...adapters.keys()])
  const watch = watchOf(options)
  const liveIn = remembering((world: World) => {
    const live = [...adapters].map(([name, adapter]) => liveAdapter(name, adapter, watch, world))
    return new Map(live.map((each) => [each.name, each]))
  })
  const windowsOf = remembering((place: AuditReader | World) => windowsFrom(names, place))
  const registry: AdapterRegistry<TaskOf<A>, ResultOf<A>> = Object.freeze({
    names,
    statistics: (of: AuditReader | World = systemWorld()) =>
      [...windowsOf(of)].map(([name, window]) => window.statistics(name)),
    breakers: (world: World = systemWorld()) =>
      Object.fromEntries(
        [...liveIn(world).values()].flatMap(({ name, breaker }) =>
          breaker === undefined ? [] : [[name, breaker.state]],
        ),
      ),
    close: () => closeAll(adapters.values()),
  })
  partsOf.set(registry, {
    breaker: watch.breaker,
    adapters,
    orders: ordersOf(options, names),
    liveIn,
    windowsOf,
  })
  return registry
}

/** As the trail knows them, the latest tasks last. */
function windowsFrom(names: readonly string[], place: AuditReader | World): Windows {
  const windows = new Map(names.map((name) => [name, new UseWindow()]))
  // A trail that cannot be read stops the run at its next record; how adapters have done matters less.
  const known = 'adapterUses' in place ? attempt(() => place.adapterUses?.(WINDOW_TASKS)) : undefined
  for (const [name, window] of windows) for (const use of known?.get(name) ?? []) window.add(use)
  return windows
}

function ordersOf({ orders = {}, defaultOrder }: RegistryOptions, names: readonly string[]): Orders {
  return { byType: new Map(Object.entries(orders)), otherwise: defaultOrder ?? names }
}

function watchOf({ breaker, health }: RegistryOptions): Watch {
  return {
    breaker: breaker === false ? undefined : filled(DEFAULT_BREAKER, breaker),
    health:
      health === undefined || health === false
        ? undefined
        : filled(DEFAULT_HEALTH, health === true ? undefined : health),
  }
}

/** Options with their defaults; what was given as `undefined` hides none. */
function filled<T extends object>(
  defaults: T,
  given: { readonly [K in keyof T]?: T[K] | undefined } = {},
): T {
  const said = Object.entries(given).filter(([, value]) => value !== undefined)
  return { ...defaults, ...Object.fromEntries(said) }
}

/** Makes what belongs to an object once. */
function remembering<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>()
  return (key) => {
    let value = made.get(key)
    if (value === undefined) made.set(key, (value = make(key)))
    return value
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
