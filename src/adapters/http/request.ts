import { describeThrown } from '../../base/serialize-error.ts'
import { HttpAdapterError } from './http-error.ts'

/** Most bytes of one answer: a task's result is read into memory, and into the audit trail. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024
/** Of an answer that is quoted in an error. */
const QUOTE_MAX = 200

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
  const response = await fetch(url, { method, headers, signal, ...(body === undefined ? {} : { body }) })
  const text = await textOf(response, `${method} ${url}`)
  if (!response.ok) {
    const quoted = text.trim() === '' ? '' : `: ${text.trim().slice(0, QUOTE_MAX)}`
    throw new HttpAdapterError(`${method} ${url} was answered with ${response.status}${quoted}`, response)
  }
  if (text.trim() === '') return { response, body: undefined }
  try {
    return { response, body: JSON.parse(text) as unknown }
  } catch (cause) {
    const what = `Expected JSON of ${method} ${url}, got ${JSON.stringify(text.slice(0, QUOTE_MAX))}`
    throw new HttpAdapterError(`${what}: ${describeThrown(cause)}`, response, cause)
  }
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
