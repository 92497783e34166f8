import type { AttemptRecord, EventRecord } from '../../src/index.ts'
import type { BreakerOptions } from '../../src/policy/breaker.ts'
import type { RouteRunner } from '../../src/run/routes/route-runner.ts'
import type { Observation } from '../scenario/observation.ts'
import { oncePerPlan, plansOf } from './plan-walk.ts'

/** What was noted of one adapter: moves of its breaker, attempts made under it, and tasks that were not given to it. */
export type Note = EventRecord | AttemptRecord

/** One adapter of one registry. Routes that share a registry share its breakers. */
interface Owner {
  readonly adapter: string
  readonly options: BreakerOptions
}

/** What was noted of it. */
export interface Guarded {
  readonly owner: Owner
  /** In order. */
  readonly notes: readonly Note[]
}

interface Owners {
  /** By the path of an adapter's place. */
  readonly byPlace: ReadonlyMap<string, Owner>
  /** By the path of a route and the name of an adapter. */
  readonly byName: ReadonlyMap<string, Owner>
}

const ownersIn = oncePerPlan((plan): Owners => {
  const registries = new Map<unknown, Map<string, Owner>>()
  const byPlace = new Map<string, Owner>()
  const byName = new Map<string, Owner>()
  for (const each of plansOf(plan, 'route')) {
    const route = each as RouteRunner
    const options = route.breaker
    if (options === undefined) continue
    const { registry } = route.node
    const owners = registries.get(registry) ?? new Map<string, Owner>()
    registries.set(registry, owners)
    for (const { key: adapter, plan: place } of route.children()) {
      const owner = owners.get(adapter) ?? { adapter, options }
      owners.set(adapter, owner)
      byPlace.set(place.path, owner)
      byName.set(nameOf(route.path, adapter), owner)
    }
  }
  return { byPlace, byName }
})

function nameOf(route: string, adapter: string): string {
  return `${route} ${adapter}`
}

/** A change of a breaker's state. */
export function isMove(note: Note): note is EventRecord & { readonly event: 'breaker' } {
  return note.kind === 'event' && note.event === 'breaker'
}

/** The notes of each adapter that has a breaker and was asked for anything. */
export function guardedIn({ plan, records }: Observation): readonly Guarded[] {
  const { byPlace, byName } = ownersIn(plan)
  if (byPlace.size === 0) return []
  const notes = new Map<Owner, Note[]>()
  for (const record of records) {
    if (record.kind !== 'attempt' && record.kind !== 'event') continue
    const owner =
      record.kind === 'event' && record.event === 'adapter_skipped'
        ? byName.get(nameOf(record.path, String(record.detail['adapter'])))
        : byPlace.get(record.path)
    if (owner === undefined) continue
    const known = notes.get(owner)
    if (known === undefined) notes.set(owner, [record])
    else known.push(record)
  }
  return [...notes].map(([owner, ofOwner]) => ({ owner, notes: ofOwner }))
}
