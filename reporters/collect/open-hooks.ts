import type { Reporter } from 'vitest/node'
import type { Phase } from '../report/model.ts'

type HookContext = Parameters<NonNullable<Reporter['onHookStart']>>[0]

/**
 * Remembers which hooks of which test, suite or file began and did not come back: the place where it failed.
 * Vitest announces the end of a hook only when it succeeded.
 */
export class OpenHooks {
  readonly #open = new Map<string, HookContext['name'][]>()

  started({ entity, name }: HookContext): void {
    const open = this.#open.get(entity.id)
    if (open) open.push(name)
    else this.#open.set(entity.id, [name])
  }

  ended({ entity, name }: HookContext): void {
    const open = this.#open.get(entity.id)
    const index = open?.lastIndexOf(name) ?? -1
    if (index >= 0) open?.splice(index, 1)
  }

  /**
   * Where the first error of an entity came from: the first hook that did not come back, `otherwise` when all did.
   * Forgets the entity.
   *
   * @param errors how many errors the entity has. Each `afterEach` that did not come back gave one and runs after the
   *   test itself, so that with more errors than hooks the first one is the test's own
   */
  take(entityId: string, otherwise: Phase, errors = 0): Phase {
    const open = this.#open.get(entityId) ?? []
    this.#open.delete(entityId)
    const [first = otherwise] = open
    return first === 'afterEach' && errors > open.length ? otherwise : first
  }
}
