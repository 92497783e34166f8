import { connectionRefused, hostNotFound, otherSideClosed } from '../effects/fetch-failures.ts'
import { type LostAnswer, lostAnswerParam } from '../effects/lost-answer.ts'
import { answerConflict, type AnswerOptions, answerParams, saysBody } from '../effects/scripted-answer.ts'
import { untilAborted } from '../effects/waiting.ts'
import type { StoredJson } from '../grammar/json.ts'
import {
  bindLate,
  bindLengthMismatch,
  bindLose,
  bindReset,
  bindSlow,
  bindStall,
  bindStatus,
  bindTruncatedJson,
  bindWrongType,
  failFetch,
  statusConflict,
} from './http-acts.ts'
import type { Verb } from './verb.ts'

/** What a request can meet, as the builder offers it. The real request is made by `lose`, `late` and a `slow` that says no body. */
export interface HttpVerbs<Next> {
  /** No server listens: `fetch failed`, cause `connect ECONNREFUSED`. */
  refused(): Next
  /** The host's name is unknown: `fetch failed`, cause `getaddrinfo ENOTFOUND`. */
  dns(): Next
  /**
   * The connection is reset: `fetch failed`, cause `read ECONNRESET`. With `after`, status 200 and that many bytes of
   * the body arrive first; then reading it fails with `terminated` and the same cause. The body is blanks unless it is said.
   */
  reset(named?: AnswerOptions<StoredJson> & { readonly after?: number | undefined }): Next
  /**
   * The request is answered, and the answer is lost on its way: `fetch failed`, cause `read ECONNRESET`, or silence until
   * an abort.
   */
  lose(how: LostAnswer): Next
  /** The server closes the connection in good order before it answers: `fetch failed`, cause `other side closed`. */
  closeBeforeHeaders(): Next
  /**
   * This status, with an empty body unless one is given. `retry-after` is in seconds, or a text as it is sent; `retry-at` sends
   * the HTTP date that many virtual milliseconds from then.
   */
  status(
    code: number,
    named?: AnswerOptions<StoredJson> & {
      readonly 'retry-after'?: number | string | undefined
      readonly 'retry-at'?: number | undefined
    },
  ): Next
  /**
   * A complete response (200, right content-length) whose JSON stops in the middle: `res.json()` rejects with a
   * `SyntaxError`. A connection that ends before its body does is `reset(after=…)`.
   */
  truncatedJson(): Next
  /** 200 with a page of HTML where data was asked for, as a sign-in or a proxy sends it. */
  wrongType(): Next
  /**
   * The server closes the connection in good order when so many bytes have come (default all of them), fewer than
   * `content-length` said: reading the body fails with `terminated`, cause `other side closed`.
   */
  lengthMismatch(named?: AnswerOptions<StoredJson> & { readonly after?: number | undefined }): Next
  /** 200 and so many bytes of the body (default 0), then nothing more until an abort. The body is blanks unless it is said. */
  stall(named?: AnswerOptions<StoredJson> & { readonly after?: number | undefined }): Next
  /** The body comes at this many bytes for each virtual second. It is the real answer's unless it is said. */
  slow(bytesPerSecond: number, named?: AnswerOptions<StoredJson>): Next
  /** Makes the real request at once and keeps its answer for `ms` virtual milliseconds; an abort ends the wait. */
  late(ms: number): Next
  /** No answer; an abort rejects with the signal's reason, as `fetch` does. */
  hang(): Next
}

const afterParam = { name: 'after', type: { kind: 'bytes' }, required: false } as const

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
    options: [afterParam, ...answerParams],
    summary: 'the connection is reset, before the response or after so many bytes of its body',
    example: 'reset(after=40B) -> off',
    conflict: (given) =>
      answerConflict(given) ??
      (saysBody(given) && !('after' in given.named)
        ? {
            param: 'body' in given.named ? 'body' : 'text',
            expected: '`after` with it: how much of it arrives',
          }
        : undefined),
    bind: bindReset,
  },
  lose: {
    ...plain,
    name: 'lose',
    params: [lostAnswerParam],
    summary: 'the server does its work and its answer is lost: `fetch failed`, cause ECONNRESET, or silence',
    example: 'lose(reset) -> off',
    actsOnAnswer: true,
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
      { name: 'retry-after', type: { kind: 'seconds' }, required: false },
      { name: 'retry-at', type: { kind: 'duration' }, required: false },
      ...answerParams,
    ],
    summary:
      'answers with this status, with a body and headers if given; `retry-at` says retry-after as a date',
    example: 'status(429, retry-after=3) -> status(503, retry-at=30s, text="busy") -> off',
    conflict: statusConflict,
    bind: bindStatus,
  },
  truncatedJson: {
    ...plain,
    name: 'truncatedJson',
    summary: 'answers 200 with JSON that stops in the middle',
    example: 'truncatedJson -> off',
    bind: bindTruncatedJson,
  },
  wrongType: {
    ...plain,
    name: 'wrongType',
    summary: 'answers 200 with HTML instead of data',
    example: 'wrongType -> off',
    bind: bindWrongType,
  },
  lengthMismatch: {
    ...plain,
    name: 'lengthMismatch',
    options: [afterParam, ...answerParams],
    summary:
      'the server closes before as many bytes came as it had said: `terminated`, cause `other side closed`',
    example: 'lengthMismatch(after=6B, body={"id":7}) -> off',
    conflict: answerConflict,
    bind: bindLengthMismatch,
  },
  stall: {
    ...plain,
    name: 'stall',
    options: [afterParam, ...answerParams],
    summary: 'answers, and goes silent after so many bytes of the body; an abort ends it',
    example: 'stall(after=6B, text="event: a") -> off',
    conflict: answerConflict,
    bind: bindStall,
  },
  slow: {
    ...plain,
    name: 'slow',
    params: [{ name: 'bytesPerSecond', type: { kind: 'bytes' }, required: true }],
    options: answerParams,
    summary: "the body comes so many bytes a second: the one given, or the real answer's",
    example: 'slow(2B, text="abc") -> slow(1kB)',
    conflict: (given) =>
      Number(given.args[0]) === 0
        ? { param: 'bytesPerSecond', expected: 'more than 0 bytes a second; `stall` sends none' }
        : answerConflict(given),
    bind: bindSlow,
  },
  late: {
    ...plain,
    name: 'late',
    params: [{ name: 'ms', type: { kind: 'duration' }, required: true }],
    summary: 'the server does its work at once and answers this much later; an abort ends the wait',
    example: 'late(5s)',
    bind: bindLate,
  },
  hang: {
    ...plain,
    name: 'hang',
    summary: 'never answers; an abort rejects with its reason',
    example: 'hang',
    bind: () => (call) => untilAborted(call),
  },
}
