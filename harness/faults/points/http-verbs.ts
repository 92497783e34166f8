import type { BoundaryCall } from '../../../src/index.ts'
import {
  connectionRefused,
  connectionReset,
  fetchFailed,
  hostNotFound,
  otherSideClosed,
  targetOf,
  type FetchTarget,
} from '../effects/fetch-failures.ts'
import {
  allowsBody,
  failingBody,
  makeResponse,
  statesLength,
  type SentResponse,
} from '../effects/fetch-responses.ts'
import { type LostAnswer, lostAnswer, lostAnswerParam, workThen } from '../effects/lost-answer.ts'
import type { StoredJson } from '../grammar/json.ts'
import { RETRY_AFTER_SECONDS_MAX } from '../grammar/limits.ts'
import type { FaultStep } from '../grammar/program.ts'
import { numberArg, type Act, type Verb } from './verb.ts'
import { untilAborted } from '../effects/waiting.ts'

/** What a request can meet, as the builder offers it. The real request is made by `lose` only. */
export interface HttpVerbs<Next> {
  /** No server listens: `fetch failed`, cause `connect ECONNREFUSED`. */
  refused(): Next
  /** The host's name is unknown: `fetch failed`, cause `getaddrinfo ENOTFOUND`. */
  dns(): Next
  /**
   * The connection is reset: `fetch failed`, cause `read ECONNRESET`. With `after`, status 200 and that many bytes of
   * the body arrive first; then reading it fails with `terminated` and the same cause.
   */
  reset(named?: { readonly after?: number | undefined }): Next
  /**
   * The request is answered, and the answer is lost on its way: `fetch failed`, cause `read ECONNRESET`, or silence until
   * an abort.
   */
  lose(how: LostAnswer): Next
  /** The server closes the connection in good order before it answers: `fetch failed`, cause `other side closed`. */
  closeBeforeHeaders(): Next
  /** This status, with an empty body unless `body` is given. `retry-after` is in seconds. */
  status(
    code: number,
    named?: { readonly 'retry-after'?: number | undefined; readonly body?: StoredJson | undefined },
  ): Next
  /**
   * A complete response (200, right content-length) whose JSON stops in the middle: `res.json()` rejects with a
   * `SyntaxError`. A connection that ends before its body does is `reset(after=…)`.
   */
  truncatedJson(): Next
  /** No answer; an abort rejects with the signal's reason, as `fetch` does. */
  hang(): Next
}

/** Cut inside a string that is inside an object inside an array, as a proxy with a size limit cuts. */
const TRUNCATED_JSON = '{"items":[{"id":1,"na'
const JSON_TYPE = { 'content-type': 'application/json' }

const plain = { params: [], options: [], ignoresAbort: false } as const

export const httpVerbs: Readonly<Record<keyof HttpVerbs<unknown>, Verb>> = {
  refused: {
    ...plain,
    name: 'refused',
    summary: 'no server listens: `fetch failed`, cause ECONNREFUSED',
    example: '2*refused -> off',
    bind: () => (call) => failFetch(call, connectionRefused),
  },
  dns: {
    ...plain,
    name: 'dns',
    summary: 'the host is unknown: `fetch failed`, cause ENOTFOUND',
    example: 'dns',
    bind: () => (call) => failFetch(call, hostNotFound),
  },
  reset: {
    ...plain,
    name: 'reset',
    options: [{ name: 'after', type: { kind: 'bytes' }, required: false }],
    summary: 'the connection is reset, before the response or after so many bytes of its body',
    example: 'reset(after=40B) -> off',
    bind: bindReset,
  },
  lose: {
    ...plain,
    name: 'lose',
    params: [lostAnswerParam],
    summary: 'the server does its work and its answer is lost: `fetch failed`, cause ECONNRESET, or silence',
    example: 'lose(reset) -> off',
    bind: bindLose,
  },
  closeBeforeHeaders: {
    ...plain,
    name: 'closeBeforeHeaders',
    summary: 'the server closes before it answers: `fetch failed`, cause `other side closed`',
    example: 'closeBeforeHeaders -> off',
    bind: () => (call) => failFetch(call, otherSideClosed),
  },
  status: {
    ...plain,
    name: 'status',
    params: [{ name: 'code', type: { kind: 'integer', min: 200, max: 599 }, required: true }],
    options: [
      {
        name: 'retry-after',
        type: { kind: 'integer', min: 0, max: RETRY_AFTER_SECONDS_MAX, unit: 'seconds' },
        required: false,
      },
      { name: 'body', type: { kind: 'json' }, required: false },
    ],
    summary: 'answers with this status, with `retry-after` in seconds and a JSON body if given',
    example: 'status(429, retry-after=3) -> status(503) -> off',
    conflict: ({ args, named }) =>
      'body' in named && !allowsBody(Number(args[0]))
        ? { param: 'body', expected: `no body, because status ${Number(args[0])} cannot have one` }
        : undefined,
    bind: bindStatus,
  },
  truncatedJson: {
    ...plain,
    name: 'truncatedJson',
    summary: 'answers 200 with JSON that stops in the middle',
    example: 'truncatedJson -> off',
    bind: bindTruncatedJson,
  },
  hang: {
    ...plain,
    name: 'hang',
    summary: 'never answers; an abort rejects with its reason',
    example: 'hang',
    bind: () => (call) => untilAborted(call),
  },
}

function failFetch(call: BoundaryCall, cause: (target: FetchTarget) => Error): Promise<never> {
  return Promise.reject(fetchFailed(cause(targetOf(call))))
}

function respond(call: BoundaryCall, sent: Omit<SentResponse, 'url'>): Promise<Response> {
  // A HEAD request is answered with the headers alone, whatever body they speak of.
  const body = isHead(call) ? null : sent.body
  return Promise.resolve(makeResponse({ ...sent, body, url: targetOf(call).url }))
}

function isHead({ point }: BoundaryCall): boolean {
  return point.slice(0, point.indexOf(' ')).endsWith(':HEAD')
}

function bindReset(step: FaultStep): Act {
  const after = step.named['after']
  if (typeof after !== 'number') return () => Promise.reject(fetchFailed(connectionReset()))
  return (call) => {
    // One byte more was promised than arrives, so that no reader can take the body for complete.
    const headers = { ...JSON_TYPE, 'content-length': String(after + 1) }
    const body = failingBody(new Uint8Array(after).fill(0x20), connectionReset)
    return respond(call, { status: 200, headers, body })
  }
}

function bindLose(step: FaultStep): Act {
  const hangs = lostAnswer(step) === 'hang'
  return (call, real) =>
    workThen(real, async (answer) => {
      // Nobody will read the body, and what is not read keeps its connection open.
      if (answer instanceof Response) await answer.body?.cancel()
      return hangs ? untilAborted(call) : Promise.reject(fetchFailed(connectionReset()))
    })
}

function bindStatus(step: FaultStep): Act {
  const status = numberArg(step, 0)
  // Node's fetch has no proxy dialogue: a 407 never becomes a response, but a failure with an empty cause.
  if (status === 407) return () => Promise.reject(fetchFailed(new Error()))
  const text = 'body' in step.named ? JSON.stringify(step.named['body']) : ''
  const bytes = new TextEncoder().encode(text)
  const headers: Record<string, string> = {}
  if (text !== '') headers['content-type'] = 'application/json'
  if (statesLength(status)) headers['content-length'] = String(bytes.length)
  if ('retry-after' in step.named) headers['retry-after'] = JSON.stringify(step.named['retry-after'])
  const body = allowsBody(status) ? bytes : null
  return (call) => respond(call, { status, headers, body })
}

function bindTruncatedJson(): Act {
  const bytes = new TextEncoder().encode(TRUNCATED_JSON)
  const headers = { ...JSON_TYPE, 'content-length': String(bytes.length) }
  return (call) => respond(call, { status: 200, headers, body: bytes })
}
