import { createHash } from 'node:crypto'
import { serialize } from 'node:v8'
import { got } from '../../base/got.ts'
import type { StepResult } from '../../base/result.ts'
import { isolate, kept } from '../../context/isolate.ts'
import type { CachedNode } from '../../nodes/cached.ts'
import type { AnyNode } from '../../nodes/node.ts'
import { ResultCache } from '../../policy/result-cache.ts'
import type { World } from '../../world/world.ts'
import { askFor } from '../ask.ts'
import type { Plan, PlannedChild } from '../plan.ts'
import {
  addLatency,
  completedResult,
  failedResult,
  NOTHING_SPENT,
  sameEnd,
  stoppedResult,
  sumSpent,
} from '../results.ts'
import type { Scope } from '../scope.ts'
import { recordStep } from '../trail.ts'

/**
 * What is kept, by node and world: a simulated world finds nothing that another one has left, and the clocks of two
 * worlds are never compared.
 */
const caches = new WeakMap<AnyNode, WeakMap<World, ResultCache>>()

/** What a look into the cache came to; a durable run remembers it, so that it goes the same way when it is carried on. */
type Look =
  | { readonly kind: 'hit'; readonly output: unknown }
  | { readonly kind: 'miss'; readonly key: string | undefined }

/** A cached node at its place: gives what it gave before, or runs what is in it. */
export class CachedRunner implements Plan {
  static readonly events = [] as const
  readonly node: CachedNode<never, unknown>
  readonly path: string
  readonly #child: PlannedChild

  constructor(node: CachedNode<never, unknown>, path: string, [child]: readonly PlannedChild[]) {
    if (child === undefined) throw new TypeError(`cached '${node.name}' has no node`)
    this.node = node
    this.path = path
    this.#child = child
  }

  children(): readonly PlannedChild[] {
    return [this.#child]
  }

  history(result: StepResult): readonly StepResult[] {
    return [result]
  }

  async execute(input: unknown, scope: Scope, hasFallback: boolean): Promise<StepResult> {
    return recordStep(scope, 'cached', await this.#result(input, scope, hasFallback))
  }

  async #result(input: unknown, scope: Scope, hasFallback: boolean): Promise<StepResult> {
    const { node, path } = this
    const { name } = node
    const startedMs = scope.continuesMs
    const looked = await askFor<Look>(scope, path, {
      who: `The key of cached '${name}'`,
      what: 'look',
      ask: () => this.#look(input, scope),
    })
    const spent = addLatency(NOTHING_SPENT, scope.continuesMs - startedMs)
    if (looked.kind === 'stopped') return stoppedResult(name, path, looked.stop, spent)
    if (looked.kind === 'failed') return failedResult(name, path, looked.error, spent)
    const look = looked.value
    if (look.kind === 'hit') return completedResult(name, path, look.output, spent, { cacheHit: true })
    const { key, plan } = this.#child
    const result = await plan.execute(input, scope, hasFallback)
    if (result.success && look.key !== undefined)
      this.#cacheIn(scope.run.world).keep(
        look.key,
        kept(result.output),
        scope.continuesMs + node.policy.ttlMs,
      )
    return sameEnd(name, path, result, addLatency(sumSpent([result]), spent.latencyMs), { [key]: result })
  }

  async #look(input: unknown, { run: { world } }: Scope): Promise<Look> {
    const { key: keyFor } = this.node.policy
    const key: unknown = keyFor === undefined ? keyOf(input) : await keyFor(isolate(input) as never)
    if (keyFor === undefined && key === undefined) return { kind: 'miss', key: undefined }
    if (typeof key !== 'string') throw new TypeError(`Expected a text, got ${got(key)}.`)
    const found = this.#cacheIn(world).find(key, world.clock.monotonicMs())
    return found === undefined ? { kind: 'miss', key } : { kind: 'hit', output: kept(found.output) }
  }

  #cacheIn(world: World): ResultCache {
    let ofNode = caches.get(this.node)
    if (ofNode === undefined) caches.set(this.node, (ofNode = new WeakMap()))
    let cache = ofNode.get(world)
    if (cache === undefined) ofNode.set(world, (cache = new ResultCache(this.node.policy.max)))
    return cache
  }
}

/** A text that only equal inputs have; `undefined` for one that cannot be written down exactly. */
function keyOf(input: unknown): string | undefined {
  try {
    return createHash('sha256').update(serialize(input)).digest('base64')
  } catch {
    return undefined
  }
}
