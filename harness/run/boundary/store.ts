import type { PortStore } from '../../scenario/ports.ts'

// What a disk keeps, too: an instance of a class comes back as plain data, a function is refused. Taken before any subject.
const copy = structuredClone

/** `ports.store` of one execution: functions that need no `this`, since subjects hand them on one by one. */
export function memoryStore(): PortStore {
  const kept = new Map<string, unknown>()
  return Object.freeze<PortStore>({
    get: async (key) => copy(kept.get(key)),
    set: async (key, value) => {
      kept.set(key, copy(value))
    },
    delete: async (key) => {
      kept.delete(key)
    },
  })
}
