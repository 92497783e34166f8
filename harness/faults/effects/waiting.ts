import { sleep } from '../../../src/world/sleep.ts'
import type { BoundaryCall, World } from '../../../src/index.ts'

/**
 * Waits `delayMs` of virtual time and then gives what `act` gives, as a promise. When the call is aborted first, the
 * timer is released and the promise rejects with the signal's reason, as a real `fetch` or timer would.
 */
export function waitThen(
  call: BoundaryCall,
  world: World,
  delayMs: number,
  act: () => unknown,
): Promise<unknown> {
  return sleep(world.clock, delayMs, call.point, call.signal()).then(act)
}

/** The same, whatever happens to the call's signal: for faults that play a server that does not listen. */
export function waitDeaf(
  call: BoundaryCall,
  world: World,
  delayMs: number,
  act: () => unknown,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    world.clock.after(delayMs, call.point, () => settleWith(act, resolve, reject))
  })
}

/** Never resolves; rejects with the signal's reason when the call is aborted, as a real `fetch` does. */
export function untilAborted(call: BoundaryCall): Promise<never> {
  return new Promise((_resolve, reject) => {
    const signal = call.signal()
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function settleWith(
  act: () => unknown,
  resolve: (value: unknown) => void,
  reject: (reason: unknown) => void,
): void {
  try {
    resolve(act())
  } catch (thrown) {
    reject(thrown)
  }
}
