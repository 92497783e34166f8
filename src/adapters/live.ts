import { Breaker, type BreakerOptions } from '../policy/breaker.ts'
import type { World } from '../world/world.ts'
import type { AnyAdapter } from './adapter.ts'
import { Health, type HealthOptions } from './health.ts'

/** One adapter in one world: what is going on there now. */
export interface LiveAdapter {
  readonly name: string
  readonly adapter: AnyAdapter
  readonly capabilities: readonly string[]
  /** `undefined` where the registry wants none. */
  readonly breaker: Breaker | undefined
  /** `undefined` where nobody asks for it. */
  readonly health: Health | undefined
  /** Tasks that are with it now. */
  inFlight: number
}

/** How adapters are watched. */
export interface Watch {
  readonly breaker: BreakerOptions | undefined
  readonly health: HealthOptions | undefined
}

/** An adapter that is not being used yet. */
export function liveAdapter(name: string, adapter: AnyAdapter, watch: Watch, world: World): LiveAdapter {
  return {
    name,
    adapter,
    capabilities: adapter.capabilities ?? [],
    breaker: watch.breaker === undefined ? undefined : new Breaker(watch.breaker, world.clock.monotonicMs),
    health: watch.health === undefined ? undefined : new Health(name, adapter, watch.health, world),
    inFlight: 0,
  }
}
