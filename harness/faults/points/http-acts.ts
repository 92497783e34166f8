import type { BoundaryCall, World } from '../../../src/index.ts'
import {
  connectionReset,
  fetchFailed,
  otherSideClosed,
  targetOf,
  type FetchTarget,
} from '../effects/fetch-failures.ts'
import { allowsBody, makeResponse, statesLength, type SentResponse } from '../effects/fetch-responses.ts'
import { lostAnswer, workThen } from '../effects/lost-answer.ts'
import { asPaced, type Pace, pacedBody } from '../effects/paced-body.ts'
import { answerConflict, saysBody, scriptedAnswer, type ScriptedAnswer } from '../effects/scripted-answer.ts'
import { untilAborted, waitThen } from '../effects/waiting.ts'
import type { StoredJson } from '../grammar/json.ts'
import type { FaultStep } from '../grammar/program.ts'
import { numberArg, type Act } from './verb.ts'

// What the verbs of requests do. What comes of each is compared with a real socket in the parity suite.

/** Cut inside a string that is inside an object inside an array, as a proxy with a size limit cuts. */
const TRUNCATED_JSON = '{"items":[{"id":1,"na'
const JSON_TYPE = { 'content-type': 'application/json' }

const WRONG_TYPE_BYTES = new TextEncoder().encode('<!doctype html><title>Sign in</title>')
const WRONG_TYPE = {
  status: 200,
  headers: {
    'content-type': 'text/html;charset=utf-8',
    'content-length': String(WRONG_TYPE_BYTES.length),
  },
  body: WRONG_TYPE_BYTES,
}

export function failFetch(call: BoundaryCall, cause: (target: FetchTarget) => Error): Promise<never> {
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

export function statusConflict(given: Pick<FaultStep, 'args' | 'named'>): ReturnType<typeof answerConflict> {
  const status = Number(given.args[0])
  if (saysBody(given) && !allowsBody(status)) {
    const param = 'body' in given.named ? 'body' : 'text'
    return { param, expected: `no body, because status ${status} cannot have one` }
  }
  if ('retry-after' in given.named && 'retry-at' in given.named)
    return { param: 'retry-at', expected: '`retry-after` or `retry-at`, not both' }
  return answerConflict(given)
}

export function bindReset(step: FaultStep): Act {
  const { after } = step.named
  if (typeof after !== 'number') return () => Promise.reject(fetchFailed(connectionReset()))
  const answer = blanksUnlessSaid(step, after)
  return (call, _real, world) => respondInPart(call, world, answer, after, connectionReset)
}

export function bindLengthMismatch(step: FaultStep): Act {
  const answer = scriptedAnswer(step, { text: '{"items":[]}', type: JSON_TYPE['content-type'] })
  const after = step.named['after'] ?? answer.bytes.length
  return (call, _real, world) =>
    respondInPart(call, world, answer, Number(after), () => otherSideClosed(targetOf(call)))
}

export function bindStall(step: FaultStep): Act {
  const after = Number(step.named['after'] ?? 0)
  const answer = blanksUnlessSaid(step, after)
  return (call, _real, world) => respondInPart(call, world, answer, after, 'silence')
}

function blanksUnlessSaid(step: FaultStep, bytes: number): ScriptedAnswer {
  return scriptedAnswer(step, { text: ' '.repeat(bytes), type: JSON_TYPE['content-type'] })
}

/** Headers that promise at least one byte more than arrives, so that no reader can take the body for complete. */
function respondInPart(
  call: BoundaryCall,
  world: World,
  { bytes, headers }: ScriptedAnswer,
  after: number,
  last: Pace['last'],
): Promise<Response> {
  const arriving = bytes.subarray(0, after)
  const promised = Math.max(bytes.length, arriving.length + 1)
  const pace: Pace = { bytesAtOnce: Math.max(1, arriving.length), msPerPiece: 0, last }
  const body = pacedBody(arriving, pace, call, world)
  return respond(call, {
    status: 200,
    headers: { ...headers, 'content-length': String(promised) },
    body,
  }).then(asPaced)
}

export function bindSlow(step: FaultStep): Act {
  const pace: Pace = { bytesAtOnce: numberArg(step, 0), msPerPiece: 1000, last: 'end' }
  if (saysBody(step)) {
    const { bytes, headers } = scriptedAnswer(step, { text: '', type: undefined })
    const sized = { ...headers, 'content-length': String(bytes.length) }
    return async (call, _real, world) =>
      asPaced(await respond(call, { status: 200, headers: sized, body: pacedBody(bytes, pace, call, world) }))
  }
  return async (call, real, world) => {
    const answer = await real()
    if (!(answer instanceof Response) || answer.body === null) return answer
    const bytes = new Uint8Array(await answer.arrayBuffer())
    const { status, url } = answer
    const headers = Object.fromEntries(answer.headers)
    if ('content-encoding' in headers) {
      // It has been unpacked: neither how it was packed nor its length then is true of what comes now.
      delete headers['content-encoding']
      delete headers['content-length']
    }
    const body = pacedBody(bytes, pace, call, world)
    return asPaced(makeResponse({ status, headers, body, url }))
  }
}

export function bindLate(step: FaultStep): Act {
  const delayMs = numberArg(step, 0)
  return (call, real, world) => workThen(real, (answer) => waitThen(call, world, delayMs, () => answer))
}

export function bindLose(step: FaultStep): Act {
  const hangs = lostAnswer(step) === 'hang'
  return (call, real) =>
    workThen(real, async (answer) => {
      // Nobody will read the body, and what is not read keeps its connection open.
      if (answer instanceof Response) await answer.body?.cancel()
      return hangs ? untilAborted(call) : Promise.reject(fetchFailed(connectionReset()))
    })
}

export function bindStatus(step: FaultStep): Act {
  const status = numberArg(step, 0)
  // Node's fetch has no proxy dialogue: a 407 never becomes a response, but a failure with an empty cause.
  if (status === 407) return () => Promise.reject(fetchFailed(new Error()))
  const { bytes, headers: given } = scriptedAnswer(step, { text: '', type: undefined })
  const headers: Record<string, string> = {
    ...(statesLength(status) ? { 'content-length': String(bytes.length) } : {}),
    ...retryAfter(step.named['retry-after']),
    ...given,
  }
  const retryAtMs = step.named['retry-at']
  const body = allowsBody(status) ? bytes : null
  return (call, _real, world) =>
    respond(call, { status, headers: { ...headers, ...retryAt(world, retryAtMs) }, body })
}

function retryAfter(value: StoredJson | undefined): Readonly<Record<string, string>> {
  return typeof value === 'number' || typeof value === 'string' ? { 'retry-after': `${value}` } : {}
}

/** The date of a moment to come, as HTTP writes it: in whole seconds. */
function retryAt(world: World, inMs: StoredJson | undefined): Readonly<Record<string, string>> {
  if (typeof inMs !== 'number') return {}
  return { 'retry-after': new Date(world.clock.wallMs() + inMs).toUTCString() }
}

export function bindWrongType(): Act {
  return (call) => respond(call, WRONG_TYPE)
}

export function bindTruncatedJson(): Act {
  const bytes = new TextEncoder().encode(TRUNCATED_JSON)
  const headers = { ...JSON_TYPE, 'content-length': String(bytes.length) }
  return (call) => respond(call, { status: 200, headers, body: bytes })
}
