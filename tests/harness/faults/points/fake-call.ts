import type { BoundaryCall } from '../../../../src/index.ts'
import { makeAction } from '../../../../harness/faults/play/action.ts'
import { parseFaultProgram } from '../../../../harness/faults/text/parse.ts'
import type { PointKind } from '../../../../harness/faults/points/points.ts'
import { seen } from '../../../../harness/faults/points/verb.ts'
import { SimWorld } from '../../../../harness/world/sim-world.ts'

export interface FakeCall {
  readonly world: SimWorld
  /** Aborts the call's signal. */
  readonly abort: (reason: unknown) => void
  /** How often the performer asked for a signal. */
  readonly signalsMade: () => number
  /** How often the real thing ran. */
  readonly realCalls: () => number
  /** Performs a one-step program; the real thing is `real`. */
  readonly perform: (text: string, real?: () => unknown) => unknown
}

/** One call at a boundary point of a simulated world, and what a fault asks of it. */
export function fakeCall(kind: PointKind = 'step', input?: unknown, name = 'draft'): FakeCall {
  const world = new SimWorld()
  const controller = new AbortController()
  let signalsMade = 0
  let realCalls = 0
  const call: BoundaryCall = {
    point: `${kind}:${name}`,
    path: undefined,
    input,
    signal: () => {
      signalsMade += 1
      return controller.signal
    },
  }
  return {
    world,
    abort: (reason) => controller.abort(reason),
    signalsMade: () => signalsMade,
    realCalls: () => realCalls,
    perform: (text, real = () => 'real') => {
      const step = parseFaultProgram(text, { kind }).steps[0]!
      const counted = (): unknown => {
        realCalls += 1
        return real()
      }
      return seen(makeAction(call.point, kind, 0, step).act(call, counted, world))
    },
  }
}

/** What a promise has come to, microtasks run: nothing yet, or how it settled. */
export async function fateOf(promise: unknown): Promise<unknown> {
  let fate: unknown = 'pending'
  Promise.resolve(promise).then(
    (value: unknown) => (fate = { value }),
    (thrown: unknown) => (fate = { thrown }),
  )
  // One real turn: everything that needs no time has happened by then.
  await new Promise((resolve) => setImmediate(resolve))
  return fate
}

/** What a promise rejects with, brought out as a value because the thing may be anything. */
export async function rejectionOf(promise: unknown): Promise<{ readonly thrown: unknown }> {
  return Promise.resolve(promise).then(
    () => {
      throw new Error('it resolved')
    },
    (thrown: unknown) => ({ thrown }),
  )
}
