/** Gives one thing back as it was. */
export type PutBack = () => void

const { defineProperty, getOwnPropertyDescriptor } = Object

/**
 * Remembers a property as it is now.
 *
 * @returns what makes it so again; it throws where somebody has locked the property meanwhile
 */
export function remember(holder: object, key: PropertyKey): PutBack {
  const before = getOwnPropertyDescriptor(holder, key)
  // What has a setter keeps what it was given out of sight.
  const value: unknown = before?.set === undefined ? undefined : Reflect.get(holder, key)
  return () => {
    const now = getOwnPropertyDescriptor(holder, key)
    const isGone = now === undefined && before !== undefined
    if (isGone || now?.value !== before?.value || now?.get !== before?.get) restore(holder, key, before)
    if (before?.set !== undefined && Reflect.get(holder, key) !== value) Reflect.set(holder, key, value)
  }
}

function restore(holder: object, key: PropertyKey, before: PropertyDescriptor | undefined): void {
  if (before !== undefined) defineProperty(holder, key, before)
  else if (!Reflect.deleteProperty(holder, key)) throw new TypeError(`Cannot delete property: ${String(key)}`)
}

/**
 * Does all of them, whatever any of them throws: one thing that cannot be put back must not keep the others away.
 *
 * @throws what the first that failed threw, when all are done
 */
export function doAll(steps: readonly PutBack[]): void {
  let failed: { readonly error: unknown } | undefined
  // By hand: a subject may have replaced the iterator of lists.
  for (let index = 0; index < steps.length; index++) {
    try {
      steps[index]?.()
    } catch (error) {
      failed ??= { error }
    }
  }
  if (failed !== undefined) throw failed.error
}
