import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Readable } from 'node:stream'
import type { ClientRequest } from 'node:http'
import type nock from 'nock'
import { escapeRegExp } from '../../../src/base/reg-exp.ts'
import type { FaultPlan } from '../../faults/play/plan.ts'
import { asClientRequestError } from '../../faults/effects/fetch-failures.ts'
import { isPaced } from '../../faults/effects/paced-body.ts'
import { kindOf } from '../../faults/points/points.ts'
import { ANY_METHOD, requestPattern, type RequestPattern } from '../../faults/points/request.ts'
import type { PutBack } from '../../world/put-back.ts'
import type { SimWorld } from '../../world/sim-world.ts'
import type { Boundaries } from './boundaries.ts'
import { fetchThrough, pinnedBody } from './http-boundary.ts'
import { PinPool } from './pin-pool.ts'
import { scriptedOrigins } from './scripted-origins.ts'
import { closeBelow } from './close-below.ts'
import { virtualSocketTimeouts } from './socket-timeouts.ts'

/** What `http:* /path` stands for: nock listens for one method at a time. */
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

type Nock = typeof nock
type Interceptor = ReturnType<ReturnType<Nock>['intercept']>

/** Loads nock when it is first needed: it takes over every HTTP client of the process the moment it is imported. */
async function quietNock(): Promise<Nock> {
  const before = globalThis.fetch
  const { default: loaded } = await import('nock')
  // It was us who brought it, not the subject: no test has asked it to listen yet.
  if (globalThis.fetch !== before) loaded.restore()
  return loaded
}

/** Marks the requests that the boundary sends on: nock listens below `fetch`, too, and must let these go. */
const REAL_REQUEST = 'x-shakedown-real'

/** What is known of one `fetch` where it is asked and where it is answered. */
interface Asked {
  /** How its body broke. */
  broken?: unknown
}

/** The `fetch` that the code below it works for. */
const askedBy = new AsyncLocalStorage<Asked>()

/** Node publishes every `node:http` client request here before it is sent. */
const CLIENT_REQUESTS = 'http.client.request.created'

/**
 * HTTP faults for subjects that do not take ports: nock listens on every client of this process — global `fetch` and
 * `node:http` — and sends each scripted request through the same boundary as `ports.fetch`. Requests without a script go
 * to the real network.
 *
 * From the moment a client asks until its answer is read, time is pinned; while a fault lets virtual time pass, the
 * pin is given back.
 *
 * **Gotchas:** requests that are sent on carry a header `x-shakedown-real`. What they answer reaches the client whole; an
 * answer that a fault makes comes piece by piece and breaks where the fault says.
 */
export class NockHttp {
  readonly #pins: PinPool
  readonly #world: SimWorld
  readonly #boundaries: Boundaries
  readonly #nock: Nock
  readonly #interceptors: Interceptor[] = []
  readonly #wasActive: boolean
  readonly #nockFetch: typeof fetch
  readonly #putBackTimeouts: PutBack
  readonly #endClosing: PutBack

  /** Starts listening for the requests that the plan has programs for. */
  static async listen(world: SimWorld, boundaries: Boundaries, plan: FaultPlan): Promise<NockHttp> {
    return new NockHttp(await quietNock(), world, boundaries, plan)
  }

  private constructor(loaded: Nock, world: SimWorld, boundaries: Boundaries, plan: FaultPlan) {
    this.#nock = loaded
    this.#world = world
    this.#boundaries = boundaries
    this.#pins = new PinPool(world.pins)
    // Requests are answered in virtual time, and pinned while they are real.
    world.work.httpClients = false
    this.#wasActive = loaded.isActive()
    if (!this.#wasActive) loaded.activate()
    const scripted = plan.patterns.flatMap(({ kind, name }) =>
      kindOf(kind)?.isRequest === true ? [requestPattern(name)] : [],
    )
    scriptedOrigins.script(scripted.map(({ origin }) => origin))
    for (const pattern of scripted) this.#listen(pattern)
    this.#nockFetch = globalThis.fetch
    globalThis.fetch = this.#pinnedFetch
    subscribe(CLIENT_REQUESTS, this.#pinClientRequest)
    this.#putBackTimeouts = virtualSocketTimeouts()
    this.#endClosing = closeBelow()
  }

  stop(): void {
    this.#endClosing()
    this.#putBackTimeouts()
    unsubscribe(CLIENT_REQUESTS, this.#pinClientRequest)
    globalThis.fetch = this.#nockFetch
    // Only ours: a subject may have interceptors of its own.
    for (const interceptor of this.#interceptors) this.#nock.removeInterceptor(interceptor)
    scriptedOrigins.script([])
    if (!this.#wasActive) this.#nock.restore()
    this.#pins.releaseAll()
  }

  /** Whatever its origin and query: only the boundary compares those. */
  #listen({ method, path: pathname }: RequestPattern): void {
    const path = new RegExp(`^${escapeRegExp(pathname)}(\\?|$)`, 'u')
    for (const each of method === ANY_METHOD ? METHODS : [method]) this.#intercept(path, each)
  }

  #intercept(path: RegExp, method: string): void {
    const interceptor = this.#nock(scriptedOrigins, { allowUnmocked: true, badheaders: [REAL_REQUEST] })
      .persist()
      .intercept(path, method)
    interceptor.reply((request: Request) => this.#answer(request))
    this.#interceptors.push(interceptor)
  }

  async #answer(request: Request): Promise<[number, Buffer | Readable, Record<string, string>]> {
    const hold = this.#pins.lend()
    try {
      const body = request.body === null ? undefined : await request.clone().text()
      const crossing = { world: this.#world, boundaries: this.#boundaries, body, send: this.#sendOn }
      const response = await fetchThrough(request, crossing)
      const headers = Object.fromEntries(response.headers)
      if (isPaced(response))
        return [response.status, Readable.from(this.#lending(response, askedBy.getStore())), headers]
      const whole = Buffer.from(await response.arrayBuffer())
      // The body has been unpacked on its way here.
      delete headers['content-encoding']
      delete headers['content-length']
      return [response.status, whole, headers]
    } catch (error) {
      // nock gives the error to the client as the socket's own: bare to node:http, wrapped again to fetch.
      const failure = error instanceof TypeError && error.cause instanceof Error ? error.cause : error
      throw askedBy.getStore() === undefined ? asClientRequestError(failure) : failure
    } finally {
      hold()
    }
  }

  /** The body piece by piece, each in its own virtual time: meanwhile the client that waits for it gives its pin back. */
  async *#lending({ body }: Response, asked: Asked | undefined): AsyncGenerator<Uint8Array> {
    const reader = body?.getReader()
    try {
      for (;;) {
        const hold = this.#pins.lend(true)
        const piece = await reader?.read().finally(hold)
        if (piece === undefined || piece.done) return
        yield piece.value
      }
    } catch (error) {
      if (asked !== undefined) asked.broken = error
      throw error
    } finally {
      await reader?.cancel()
    }
  }

  /** Sends a request on, and marks it only then: neither what is noted of it nor the subject is to see the mark. */
  readonly #sendOn = (request: Request): Promise<Response> => {
    request.headers.set(REAL_REQUEST, '1')
    return this.#boundaries.network(request)
  }

  readonly #pinnedFetch: typeof fetch = async (input, init) => {
    const release = this.#pins.hold('fetch')
    const asked: Asked = {}
    try {
      const response = await askedBy.run(asked, () => this.#nockFetch(input, init))
      // Below `fetch`, nock's connections know one way to break; the fault says which it was.
      return pinnedBody(response, this.#pins, (error) =>
        error instanceof TypeError ? (asked.broken ?? error) : error,
      )
    } finally {
      release()
    }
  }

  readonly #pinClientRequest = (message: unknown): void => {
    const { request } = message as { request: ClientRequest }
    request.once('close', this.#pins.hold(`${request.method} ${request.path}`))
  }
}
