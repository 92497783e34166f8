import { describeThrown } from '../../base/serialize-error.ts'
import { createRedactor } from '../../base/redact/redactor.ts'
import { HttpAdapterError } from './http-error.ts'

/** Most bytes of one answer: a task's result is read into memory, and into the audit trail. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024
/** Of an answer that is quoted in an error. */
const QUOTE_MAX = 200

/** Keys stand in addresses, too. */
const redactor = createRedactor()

export interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly signal: AbortSignal
}

/** An answer with its JSON, which is `undefined` where there is no body. */
export interface Answered {
  readonly response: Response
  readonly body: unknown
}

/**
 * One request. The `fetch` is the one of the moment, so that whoever replaces it is heard.
 * @throws HttpAdapterError for an error status and for what is no JSON; what `fetch` throws
 */
export async function ask({ method, url, headers, body, signal }: Asked): Promise<Answered> {
  const what = redactor.text(`${method} ${url}`)
  const response = await fetch(url, {
    method,
    headers,
    signal,
    ...(body === undefined ? {} : { body }),
  }).catch((thrown: unknown) => {
    throw signal.aborted ? thrown : unanswered(what, thrown)
  })
  const text = await textOf(response, what)
  if (!response.ok) {
    const quoted = text.trim() === '' ? '' : `: ${text.trim().slice(0, QUOTE_MAX)}`
    throw new HttpAdapterError(`${what} was answered with ${response.status}${quoted}`, response)
  }
  if (text.trim() === '') return { response, body: undefined }
  try {
    return { response, body: JSON.parse(text) as unknown }
  } catch (cause) {
    const wanted = `Expected JSON of ${what}, got ${JSON.stringify(text.slice(0, QUOTE_MAX))}`
    throw new HttpAdapterError(`${wanted}: ${describeThrown(cause)}`, response, cause)
  }
}

/**
 * `fetch` says no more than `fetch failed`: why is in its cause, whose message may be empty where several addresses were
 * tried. The error stays a TypeError with that cause, which is what tells programs whether to try again.
 */
function unanswered(what: string, thrown: unknown): TypeError {
  const { cause } = Object(thrown) as { readonly cause?: unknown }
  const { code, message } = Object(cause) as { readonly code?: unknown; readonly message?: unknown }
  const [first = '', second = ''] = [code, message].flatMap((part) =>
    typeof part === 'string' && part !== '' ? [part] : [],
  )
  const why = second === '' || second.includes(first) ? second || first : `${first}: ${second}`
  const words = `${what} was not answered: ${describeThrown(thrown)}${why === '' ? '' : ` (${why})`}`
  return new TypeError(redactor.text(words), { cause: cause ?? thrown })
}

/** The body as text, as far as it is not too long. */
async function textOf(response: Response, what: string): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  if (response.body === null) return text
  for await (const chunk of response.body) {
    bytes += chunk.byteLength
    if (bytes > ANSWER_BYTES_MAX)
      throw new HttpAdapterError(`Expected at most ${ANSWER_BYTES_MAX} bytes of ${what}, got more`, response)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
