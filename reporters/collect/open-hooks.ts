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

  /** The first hook that did not come back; `otherwise` when all did. Forgets the entity. */
  take(entityId: string, otherwise: Phase): Phase {
    const phase = this.#open.get(entityId)?.[0] ?? otherwise
    this.#open.delete(entityId)
    return phase
  }
}
