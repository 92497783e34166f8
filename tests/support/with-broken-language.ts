import type { EventEmitter } from 'node:events'

/**
 * Breaks something of the language for a while. Messages to this process wait until it is mended: Vitest's answers to its
 * worker are looked up in a `Map`, and one that is not found is lost, so that the run waits for it for ever.
 *
 * @param breakIt what it gives mends it
 * @param receiver who the messages come to
 * @returns mends it, and lets the messages through
 */
export function withBrokenLanguage(breakIt: () => () => void, receiver: EventEmitter = process): () => void {
  const held: [name: string | symbol, args: unknown[]][] = []
  let count = 0
  const emit = Object.getOwnPropertyDescriptor(receiver, 'emit')
  const whole = receiver.emit
  // Written without a method of lists: it may be what is broken.
  const holding = (name: string | symbol, ...args: unknown[]): boolean => {
    if (name !== 'message') return Reflect.apply(whole, receiver, [name, ...args])
    held[count++] = [name, args]
    return true
  }
  Object.defineProperty(receiver, 'emit', { value: holding, configurable: true, writable: true })
  const mend = breakIt()
  return () => {
    mend()
    if (emit === undefined) Reflect.deleteProperty(receiver, 'emit')
    else Object.defineProperty(receiver, 'emit', emit)
    for (const [name, args] of held) Reflect.apply(whole, receiver, [name, ...args])
  }
}
