import { type PutBack, remember } from '../put-back.ts'

/**
 * Does something before each call of a method, until it is put back. A method that is not there, such as the `send` of a child
 * process without a channel, stays away.
 */
export function before(
  holder: object,
  name: string,
  act: (self: object, ...args: readonly unknown[]) => unknown,
  putBack: PutBack[],
): void {
  const method = Reflect.get(holder, name) as unknown
  if (typeof method !== 'function') return
  putBack.push(remember(holder, name))
  Reflect.set(holder, name, function (this: object, ...args: unknown[]): unknown {
    act(this, ...args)
    return Reflect.apply(method, this, args)
  })
}
