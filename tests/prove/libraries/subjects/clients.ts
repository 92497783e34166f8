import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { json } from 'node:stream/consumers'
import axios from 'axios'
import axiosRetry from 'axios-retry'
import got from 'got'
import ky from 'ky'
import { createFetch, ofetch } from 'ofetch'
import { Agent, RetryAgent } from 'undici'
import { started } from '../servers.ts'
import { inBothModes, orGaveUp, type SilentSubject, type Surroundings, whileWanted } from '../subject.ts'

let requests = 0

/** Each is new, so its first request is answered badly: the client's own retries are at work in every program. */
function spoiltUrl(route: 'busy' | 'reset'): string {
  return `${started().origin}/${route}/${++requests}`
}

const wholeUrl = (): string => `${started().origin}/whole`

const keepAlive = new HttpAgent({ keepAlive: true })
/** Of the module, as most programs have it: connections outlive a scenario. */
const dispatcher = new Agent()

/** HTTP clients with their own retries, on a server of the test's own. */
export const clients: readonly SilentSubject[] = [
  // Faults at the function that asks; what is below it is real, and fails once by itself.
  ...inBothModes({ name: 'got, retrying a busy server', abortable: true }, ({ ms, ...surroundings }) =>
    asking(surroundings, (signal) =>
      got(spoiltUrl('busy'), {
        retry: { limit: 2, calculateDelay: ({ computedValue }) => ms(computedValue / 10) },
        timeout: { request: 5_000 },
        signal,
      }).json(),
    ),
  ),
  ...inBothModes({ name: 'got, retrying a reset connection', abortable: true }, ({ ms, ...surroundings }) =>
    asking(surroundings, (signal) =>
      got(spoiltUrl('reset'), {
        retry: { limit: 2, calculateDelay: ({ computedValue }) => ms(computedValue / 10) },
        timeout: { request: 5_000 },
        signal,
      }).json(),
    ),
  ),
  ...inBothModes({ name: 'ky, retrying a busy server', abortable: true }, ({ ms, ...surroundings }) =>
    asking(surroundings, (signal) =>
      ky(spoiltUrl('busy'), { retry: { limit: 2, delay: () => ms(300) }, timeout: 5_000, signal }).json(),
    ),
  ),
  ...inBothModes(
    { name: 'axios with axios-retry, a reset connection', abortable: true },
    ({ ms, ...surroundings }) =>
      asking(surroundings, async (signal) => {
        const client = axios.create({ timeout: 5_000 })
        axiosRetry(client, { retries: 2, retryDelay: () => ms(100) })
        return (await client.get(spoiltUrl('reset'), { signal })).data
      }),
  ),
  ...inBothModes({ name: 'ofetch, retrying a busy server', abortable: true }, ({ ms, ...surroundings }) =>
    asking(surroundings, (signal) => ofetch(spoiltUrl('busy'), { retry: 2, retryDelay: ms(100), signal })),
  ),
  ...inBothModes(
    { name: "undici's retry agent, a busy server", abortable: true },
    ({ ms, ...surroundings }) =>
      asking(surroundings, async (signal) => {
        const agent = new RetryAgent(dispatcher, { maxRetries: 2, minTimeout: ms(100), timeoutFactor: 2 })
        const { origin, pathname } = new URL(spoiltUrl('busy'))
        const answer = await agent.request({ origin, path: pathname, method: 'GET', signal })
        return answer.body.json()
      }),
  ),
  ...inBothModes({ name: 'node:http, an answer in pieces', abortable: true }, (surroundings) =>
    asking(surroundings, (signal) => getJson(`${started().origin}/slow`, signal)),
  ),

  // Faults at the requests that the client makes with the fetch it is given.
  ...inBothModes({ name: 'ky on ports.fetch', boundary: 'fetch', abortable: true }, ({ ports, ms }) =>
    orGaveUp(
      ky(wholeUrl(), {
        fetch: ports.fetch,
        retry: { limit: 2, delay: () => ms(100), backoffLimit: ms(1_000), maxRetryAfter: ms(5_000) },
        timeout: ms(1_000),
        signal: ports.signal,
      }).json(),
    ),
  ),
  ...inBothModes({ name: 'ofetch on ports.fetch', boundary: 'fetch' }, ({ ports, ms }) => {
    const send = createFetch({ fetch: ports.fetch, Headers, AbortController })
    return orGaveUp(send(wholeUrl(), { retry: 2, retryDelay: ms(100), timeout: ms(1_000) }))
  }),
  ...inBothModes(
    { name: 'ofetch on ports.fetch, with a timeout and a signal', boundary: 'fetch', abortable: true },
    ({ ports, ms }) => {
      const send = createFetch({ fetch: ports.fetch, Headers, AbortController })
      return orGaveUp(
        send(wholeUrl(), { retry: 2, retryDelay: ms(100), timeout: ms(1_000), signal: ports.signal }),
      )
    },
  ),

  // Faults below clients that nobody gives a fetch.
  ...inBothModes({ name: 'got through nock', boundary: 'nock', abortable: true }, ({ ports, ms }) =>
    orGaveUp(
      got(wholeUrl(), {
        retry: { limit: 2, calculateDelay: ({ computedValue }) => ms(computedValue) },
        timeout: { request: ms(1_000) },
        signal: ports.signal,
      }).json(),
    ),
  ),
  ...inBothModes(
    { name: 'axios with axios-retry through nock', boundary: 'nock', abortable: true },
    async ({ ports, ms }) => {
      const client = axios.create({ timeout: ms(1_000), signal: ports.signal })
      axiosRetry(client, { retries: 2, retryDelay: () => ms(100), shouldResetTimeout: true })
      return (await orGaveUp(client.get(wholeUrl()))) === 'gave up' ? 'gave up' : 'done'
    },
  ),
  ...inBothModes(
    { name: 'the global fetch through nock', boundary: 'nock', abortable: true },
    (surroundings) =>
      whileWanted(surroundings, async (signal) => {
        const response = await fetch(wholeUrl(), { signal })
        if (!response.ok) throw new Error(`Status ${response.status}.`)
        return response.json()
      }),
  ),
  ...inBothModes({ name: 'node:http through nock', boundary: 'nock', abortable: true }, (surroundings) =>
    whileWanted(surroundings, (signal) => getJson(wholeUrl(), signal)),
  ),
]

/** Asks through the port `work`, for as long as its caller waits. */
function asking(
  surroundings: Pick<Surroundings, 'ports' | 'sleep'>,
  ask: (signal: AbortSignal) => Promise<unknown>,
): Promise<unknown> {
  const send = surroundings.ports.fn('work', ({ signal }: { signal: AbortSignal }) => ask(signal))
  return whileWanted(surroundings, (signal) => send({ signal }))
}

/** A GET as the documentation of `node:http` has it. */
function getJson(url: string, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(url, { agent: keepAlive, signal }, (response) => {
      if (response.statusCode === 200) json(response).then(resolve, reject)
      else {
        response.resume()
        reject(new Error(`Status ${response.statusCode}.`))
      }
    })
    asked.once('error', reject)
    asked.end()
  })
}
