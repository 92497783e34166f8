import { urlIn } from '../effects/fetch-failures.ts'
import type { PointCall } from './point.ts'

/** Which requests a name means: `POST /orders`, `* /orders?page=2`, `GET https://api.example.com/v1`. */
export interface RequestPattern {
  /** In capitals; `*` is any. */
  readonly method: string
  /** `undefined` is any. */
  readonly origin: string | undefined
  /** As `fetch` sends it, without the query. */
  readonly path: string
  /** Parameters a request must have; it may have others, and in any order. */
  readonly query: readonly Parameter[]
}

type Parameter = readonly [name: string, value: string]

export const ANY_METHOD = '*'
/** Stands in for the host of a pattern that names none; `.invalid` belongs to no machine (RFC 2606). */
const ANY_ORIGIN = 'http://any.invalid'
/** More parameters than fit into a name. */
const PARAMETERS_MAX = 1024

/** What a request is called: `POST /orders`. Host and query are left to the input of its call. */
export function requestName(method: string, url: string): string {
  return `${method.toUpperCase()} ${new URL(url).pathname}`
}

/** The path or URL of a pattern in the one spelling it has; `undefined` for what no request can be sent to. */
export function canonicalTarget(target: string): string | undefined {
  const url = urlOf(target)
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    return undefined
  }
  // In whatever order they are written, they mean the same requests.
  url.searchParams.sort()
  return target.startsWith('/') ? `${url.pathname}${url.search}` : url.href
}

/** What a name in its canonical spelling means. */
export function requestPattern(name: string): RequestPattern {
  const space = name.indexOf(' ')
  const url = urlOf(name.slice(space + 1))
  if (url === null) throw new RangeError(`Expected the name of a request as it is read, got ${name}.`)
  return {
    method: name.slice(0, space),
    origin: url.origin === ANY_ORIGIN ? undefined : url.origin,
    path: url.pathname,
    query: [...url.searchParams],
  }
}

/**
 * How much a pattern says of a request: a host outweighs any number of parameters, a parameter outweighs a method.
 */
export function rankOf({ method, origin, query }: RequestPattern): number {
  return (origin === undefined ? 0 : 2 * PARAMETERS_MAX) + 2 * query.length + (method === ANY_METHOD ? 0 : 1)
}

/** True when a request, by the name it is called and the input of its call, is one that the pattern means. */
export function meansRequest(pattern: RequestPattern, called: string, input: PointCall['input']): boolean {
  const { method, origin, path, query } = pattern
  const space = called.indexOf(' ')
  if (called.slice(space + 1) !== path) return false
  if (method !== ANY_METHOD && called.slice(0, space) !== method) return false
  if (origin === undefined && query.length === 0) return true
  const url = URL.parse(urlIn(input))
  return url !== null && (origin === undefined || url.origin === origin) && hasParameters(url, query)
}

function urlOf(target: string): URL | null {
  return URL.parse(target.startsWith('/') ? `${ANY_ORIGIN}${target}` : target)
}

/** `?tag=a&tag=a` asks for the parameter twice. */
function hasParameters({ searchParams }: URL, wanted: readonly Parameter[]): boolean {
  const left = [...searchParams]
  return wanted.every(([name, value]) => {
    const at = left.findIndex((parameter) => parameter[0] === name && parameter[1] === value)
    if (at !== -1) left.splice(at, 1)
    return at !== -1
  })
}
