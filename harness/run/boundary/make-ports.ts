import { fnPoint } from '../../faults/points/fn.ts'
import { pointNamed } from '../../faults/points/point.ts'
import type { EventSource, PortOptions, Ports, PortStore } from '../../scenario/ports.ts'
import type { SimWorld } from '../../world/sim-world.ts'
import { type Boundaries, isThenable } from './boundaries.ts'
import { memoryStore } from './store.ts'
import { SyncKnowledge } from './sync-knowledge.ts'
import { Connections } from './open-events.ts'
import { AwaitWatch, watched, watchedForAwait } from './watched-for-await.ts'
import { portClock, PortTimers } from './port-clock.ts'
import { followed } from './followed.ts'
import { fetchThrough } from './http-boundary.ts'

/** Who asks for the subject's work. */
interface Asker extends Pick<Ports, 'signal'> {
  /** Which of several it is, from 0; `undefined` for the only one. */
  readonly index?: number | undefined
}

/** What the ports of one execution lead to. Made for every scenario, though a pipeline has no ports. */
export class Outside {
  readonly world: SimWorld
  readonly boundaries: Boundaries
  readonly caller: Asker
  readonly syncKnowledge: SyncKnowledge
  readonly timers: PortTimers
  readonly connections: Connections
  #store: PortStore | undefined

  /** @param known what was learnt of the subject's functions before */
  constructor(world: SimWorld, boundaries: Boundaries, caller: Asker, known: SyncKnowledge | undefined) {
    this.world = world
    this.boundaries = boundaries
    this.caller = caller
    this.syncKnowledge = new SyncKnowledge(known)
    this.timers = new PortTimers(world)
    this.connections = new Connections(world, boundaries)
  }

  /** One for all incarnations of a process. */
  get store(): PortStore {
    return (this.#store ??= memoryStore())
  }
}

/**
 * The ports of one execution.
 * @param caller who asked for the work; one of several has ports of its own
 */
export function makePorts(outside: Outside, caller: Asker = outside.caller): Ports {
  const { world, boundaries, syncKnowledge, timers, connections, store } = outside
  const { index } = caller
  return Object.freeze({
    fn: <A extends readonly unknown[], R>(
      name: string,
      real: (...args: A) => R,
      options: PortOptions = {},
    ) => {
      boundaries.wrapped.add(name)
      syncKnowledge.wrapped(name, real, options.sync)
      const isAtOnce = (): boolean => syncKnowledge.isAtOnce(name)
      return (...args: A): R => {
        const point = pointNamed(fnPoint, name)
        const signal = () => signalIn(args)
        const call = {
          point,
          path: undefined,
          input: args,
          signal: () => signal() ?? new AbortController().signal,
          hasSignal: () => signal() !== undefined,
          caller: index,
        }
        const run = (): R => {
          const answer = options.io === true ? pinnedCall(world, point, () => real(...args)) : real(...args)
          syncKnowledge.returned(name, isThenable(answer))
          return answer
        }
        const before = boundaries.calls.length
        const outcome = boundaries.crossAs(call, run, isAtOnce) as R
        return watchedForAwait(outcome, boundaries.calls[before])
      }
    },
    fetch: (input: string | URL | Request, init?: RequestInit) => {
      const watch = new AwaitWatch()
      return watched(send({ world, boundaries, caller: index }, watch, input, init), watch)
    },
    events: <T>(name: string, source?: () => EventSource<T>) => connections.open(name, source, index),
    clock: portClock(world, timers),
    get signal() {
      return caller.signal
    },
    store,
    mark: world.mark,
    random: world.random,
    world: world.view,
  })
}

/** Async, so that an impossible URL is a rejection, as with any fetch. */
async function send(
  {
    world,
    boundaries,
    caller,
  }: Pick<Outside, 'world' | 'boundaries'> & { readonly caller: number | undefined },
  watch: AwaitWatch,
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const request = new Request(input, init)
  const text = bodyText(init?.body)
  // The call is made in this very moment where its body can be read in it.
  const body = text === undefined && request.body !== null ? await lateText(request) : text
  return followed({ request, body }, (sending) => {
    const before = boundaries.calls.length
    const answer = fetchThrough(sending.request, { world, boundaries, caller, body: sending.body })
    watch.made(boundaries.calls[before])
    return answer
  })
}

/** A body that can be read without waiting. */
function bodyText(body: RequestInit['body']): string | undefined {
  if (typeof body === 'string') return body
  if (body instanceof URLSearchParams) return body.toString()
  return body instanceof ArrayBuffer || ArrayBuffer.isView(body) ? new TextDecoder().decode(body) : undefined
}

/**
 * Any other body; the request keeps its own. One that cannot be read is what the real `fetch` fails with. Time is not held
 * meanwhile: what feeds a stream may need it to pass.
 */
function lateText(request: Request): Promise<string | undefined> {
  return request
    .clone()
    .text()
    .catch(() => undefined)
}

function pinnedCall<R>(world: SimWorld, point: string, run: () => R): R {
  const release = world.pins.hold(point)
  let returned: R
  try {
    returned = run()
  } catch (error) {
    release()
    throw error
  }
  if (!isThenable(returned)) {
    release()
    return returned
  }
  return Promise.resolve(returned).finally(release) as R
}

function signalIn(args: readonly unknown[]): AbortSignal | undefined {
  const last = args.at(-1)
  const signal = typeof last === 'object' && last !== null ? (last as { signal?: unknown }).signal : undefined
  if (last instanceof AbortSignal) return last
  return signal instanceof AbortSignal ? signal : undefined
}
