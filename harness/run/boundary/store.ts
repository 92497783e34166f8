import { isolate } from '../../../src/context/isolate.ts'
import type { PortStore } from '../../scenario/ports.ts'

/** `ports.store` of one execution: functions that need no `this`, since subjects hand them on one by one. */
export function memoryStore(): PortStore {
  const kept = new Map<string, unknown>()
  return Object.freeze<PortStore>({
    get: async (key) => isolate(kept.get(key)),
    set: async (key, value) => {
      kept.set(key, isolate(value))
    },
    delete: async (key) => {
      kept.delete(key)
    },
  })
}
