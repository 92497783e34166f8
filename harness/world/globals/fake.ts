import { type PutBack, remember } from '../put-back.ts'

/** Where a global stands: an object and the key in it. */
type Place = readonly [holder: object, key: PropertyKey]

/** Something global that the code of a scenario gets in another way, and everybody else as it was. */
export interface Fake {
  /** Puts it in place, after what puts back what is there. */
  install(putBack: PutBack[]): void
}

/**
 * Replaces what stands in one place, or in several that share it.
 *
 * @param make what stands there instead; `outside` gives what stood there before: Node's own, or what a test has put there
 */
export function fakeOf<T>(places: readonly [Place, ...Place[]], make: (outside: () => T) => T): Fake {
  const [[firstHolder, firstKey]] = places
  let before: T
  const value = make(() => before)
  return {
    install: (putBack) => {
      const current = Reflect.get(firstHolder, firstKey) as T
      // It is there already: where a scenario imports a subject, for one.
      if (current === value) return
      before = current
      for (const place of places) define(place, { value, writable: true }, putBack)
    },
  }
}

/** The same for a property that is not called but read. */
export function fakeGetterOf<T>(place: Place, read: (outside: T) => T): Fake {
  return {
    install: (putBack) => {
      const before = Reflect.get(...place) as T
      define(place, { get: () => read(before) }, putBack)
    },
  }
}

/** The same for a property that each object answers for itself: `outside` gives what it answers. */
export function fakeAccessorOf<T>([holder, key]: Place, read: (outside: () => T) => T): Fake {
  return {
    install: (putBack) => {
      const before = Object.defineProperty({}, key, Object.getOwnPropertyDescriptor(holder, key) ?? {})
      const get = function (this: unknown): T {
        return read(() => Reflect.get(before, key, this) as T)
      }
      define([holder, key], { get }, putBack)
    },
  }
}

function define([holder, key]: Place, descriptor: PropertyDescriptor, putBack: PutBack[]): void {
  putBack.push(remember(holder, key))
  const enumerable = Object.getOwnPropertyDescriptor(holder, key)?.enumerable ?? false
  Object.defineProperty(holder, key, { ...descriptor, configurable: true, enumerable })
}
