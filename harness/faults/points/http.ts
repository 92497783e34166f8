import type { Scanner } from '../grammar/scanner.ts'
import { commonVerbs } from './common-verbs.ts'
import { httpVerbs } from './http-verbs.ts'
import { pointNamed, type CallMatcher, type Point, type WrittenName } from './point.ts'
import { meetsRequest, whereRule } from './request-where.ts'
import { canonicalTarget, meansRequest, rankOf, requestName, requestPattern } from './request.ts'

const METHOD = /^(?:\*|[A-Za-z]+(?:-[A-Za-z]+)*)$/
/** Methods that `fetch` refuses to send (Fetch standard, "forbidden method"): no request can have one. */
const FORBIDDEN_METHODS: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK'])
/** Methods that ask for nothing but an answer (RFC 9110, 9.2.1). */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

const HINT =
  'A request is named by its method (or `*`) and its path, with a host or query parameters where they matter: ' +
  '`http:POST /orders`, `http:* /items?page=2`, `http:GET https://api.example.com/v1`.'

/**
 * `http:METHOD PATH`: a request, by its method (or `*`) and its path; with a host (`http:GET https://api.example.com/v1`)
 * or query parameters (`http:GET /items?page=2`) where they matter. Of several patterns that mean a request, the one
 * that says the most acts. `where` is what its query, headers or body have: `where {"body":{"id":7}}`.
 */
export const httpPoint: Point<'http'> = {
  kind: 'http',
  verbs: [...Object.values(commonVerbs), ...Object.values(httpVerbs)],
  readName,
  matcher,
  meets: meetsRequest,
  whereRule,
  isRequest: true,
  onlyReads: (input) => SAFE_METHODS.has((input as { readonly method?: string } | null)?.method ?? ''),
}

/** The point of a request: `http:POST /orders`. */
export function requestPoint(request: { readonly method: string; readonly url: string }): string {
  return pointNamed(httpPoint, requestName(request.method, request.url))
}

function readName({ text, start }: WrittenName, scanner: Scanner): string {
  const [written = '', ...rest] = text.split(/[ \t]+/)
  scanner.offset = start + written.length
  const method = written.toUpperCase()
  if (!METHOD.test(written)) {
    scanner.fail(start, 'a method and a path, such as `http:POST /orders` or `http:* /orders`', {
      hint: HINT,
    })
  }
  if (FORBIDDEN_METHODS.has(method))
    scanner.fail(start, 'a method that `fetch` can send, or `*`', { hint: HINT })
  const target = rest[0]
  if (target === undefined) {
    return scanner.fail(scanner.offset, 'a path after the method, such as `http:POST /orders`', {
      hint: HINT,
    })
  }
  const targetStart = scanner.text.indexOf(target, scanner.offset)
  scanner.offset = targetStart + target.length
  const canonical = canonicalTarget(target)
  if (canonical === undefined) {
    return scanner.fail(
      targetStart,
      'a path that starts with `/`, or a URL with http or https, without user and password',
      { hint: HINT },
    )
  }
  if (rest.length > 1) scanner.fail(scanner.offset, 'a path without white space', { got: 'some' })
  return `${method} ${canonical}`
}

function matcher(name: string): CallMatcher {
  const pattern = requestPattern(name)
  const prefix = pointNamed(httpPoint, '')
  return {
    rank: rankOf(pattern),
    matches: ({ point, input }) =>
      point.startsWith(prefix) && meansRequest(pattern, point.slice(prefix.length), input),
  }
}
