import { retryAfterMs } from '../../policy/retry-after.ts'
import { sleep } from '../../world/sleep.ts'
import type { AdapterCall } from '../adapter.ts'
import { readAnswer, type TaskAnswer } from './answer.ts'
import { Cancellations } from './cancellations.ts'
import { HttpAdapterError } from './http-error.ts'
import { ask, type Answered } from './request.ts'

export interface HttpClientOptions {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly pollMs: number
  readonly cancelMs: number
}

/** Carries tasks to a server: submits, polls and cancels. */
export class HttpClient {
  readonly #options: HttpClientOptions
  readonly #cancellations = new Cancellations()

  constructor(options: HttpClientOptions) {
    this.#options = options
  }

  async execute(task: unknown, call: AdapterCall): Promise<unknown> {
    const { signal } = call
    // Two attempts at one task must not meet on the server, one being cancelled and one being made.
    await this.#cancellations.settled(call.idempotencyKey)
    signal.throwIfAborted()
    const key = this.#cancellations.keyFor(call.idempotencyKey)
    const submitted = await this.#ask('POST', '', signal, { key, body: JSON.stringify(task) ?? 'null' })
    let answer = answerOf(submitted)
    if (answer.status !== 'running') return resultOf(answer)
    const { id } = answer
    if (id === undefined)
      throw new HttpAdapterError(
        'Expected an `id` of a task that is not done yet, got none',
        submitted.response,
      )
    let { response } = submitted
    try {
      while (answer.status === 'running') {
        await this.#wait(call, id, response)
        const polled = await this.#ask('GET', pathOf(id), signal)
        answer = answerOf(polled)
        response = polled.response
      }
    } catch (thrown) {
      if (signal.aborted) await this.#cancel(call, id)
      throw thrown
    }
    return resultOf(answer)
  }

  /** Until it is time to ask again: not before the server wants to be asked. */
  #wait({ clock, signal }: AdapterCall, id: string, response: Response): Promise<void> {
    const askedMs = retryAfterMs(response, clock.wallMs)
    return sleep(clock, Math.max(this.#options.pollMs, askedMs), `task ${id} of ${this.#options.url}`, signal)
  }

  #ask(
    method: string,
    path: string,
    signal: AbortSignal,
    { key, body }: { readonly key?: string; readonly body?: string } = {},
  ): Promise<Answered> {
    const headers = {
      accept: 'application/json',
      ...this.#options.headers,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    }
    return ask({ method, url: `${this.#options.url}${path}`, headers, body, signal })
  }

  /** Tells the server that nobody wants the task any more; what becomes of that changes nothing for the caller. */
  #cancel({ clock, idempotencyKey }: AdapterCall, id: string): Promise<void> {
    const { url, cancelMs } = this.#options
    const controller = new AbortController()
    const timer = clock.after(cancelMs, `cancelling task ${id} of ${url}`, () => controller.abort())
    const cancelled = this.#ask('DELETE', pathOf(id), controller.signal).then(
      () => true,
      // What is not there any more is cancelled.
      (thrown: unknown) =>
        thrown instanceof HttpAdapterError && (thrown.status === 404 || thrown.status === 410),
    )
    return this.#cancellations.note(idempotencyKey, cancelled).finally(() => timer.cancel())
  }
}

function pathOf(id: string): string {
  return `/${encodeURIComponent(id)}`
}

/** @throws HttpAdapterError for an answer that says nothing of a task */
function answerOf({ body, response }: Answered): TaskAnswer {
  const answer = readAnswer(body)
  if (typeof answer !== 'string') return answer
  const what = `Expected the answer of ${response.url} to tell of a task, { id, status, result, error }`
  throw new HttpAdapterError(`${what}; ${answer}`, response)
}

/** What the adapter gives for a task at its end: its result, or a soft failure. */
function resultOf({ status, result, error, retryable }: TaskAnswer): unknown {
  if (status === 'completed') return result
  return {
    success: false,
    error: error ?? `The task is ${status}`,
    ...(result === undefined ? {} : { result }),
    ...(retryable === undefined ? {} : { retryable }),
  }
}
