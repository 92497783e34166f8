import { ConfigurationError } from '../../base/control.ts'
import { optionProblems } from '../../base/options.ts'
import * as z from '../../base/zod.ts'
import { timeoutSchema } from '../../policy/step-policy.ts'
import type { Adapter, AdapterCall, HealthCall } from '../adapter.ts'
import { HttpClient } from './http-client.ts'
import { ask } from './request.ts'

/**
 * A system that takes tasks as JSON over HTTP.
 *
 * @example
 * const options: HttpAdapterOptions = { name: 'prefect', url: 'http://localhost:4200/tasks', pollMs: 2_000 }
 */
export interface HttpAdapterOptions {
  readonly name: string
  /** Where tasks are posted to. A task that is not done at once is asked for, and cancelled, at this address, `/` and its id. */
  readonly url: string
  readonly capabilities?: readonly string[] | undefined
  /** Sent with each request, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Milliseconds between two questions whether a task is done; a `Retry-After` lengthens the next wait. Default 1 000. */
  readonly pollMs?: number | undefined
  /** Milliseconds that cancelling a task may take, once nobody wants it any more. Default 5 000. */
  readonly cancelMs?: number | undefined
  /** Answers with a 2xx where the system is well. Default: it is not asked. */
  readonly healthUrl?: string | undefined
}

const POLL_MS_DEFAULT = 1_000
const CANCEL_MS_DEFAULT = 5_000

const webAddress = z
  .string()
  .refine((text) => /^https?:\/\//i.test(text) && URL.canParse(text), 'expected an http or https address')

const optionsSchema = z.strictObject({
  name: z.string(),
  url: webAddress,
  capabilities: z.array(z.string()).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  pollMs: timeoutSchema.optional(),
  cancelMs: timeoutSchema.optional(),
  healthUrl: webAddress.optional(),
})

/**
 * An adapter for a system that takes tasks as JSON over HTTP, by the `fetch` of the platform:
 *
 * - `POST url` with the task as JSON and an `Idempotency-Key`. The answer is `{ id, status, result, error }`; one that is
 *   `completed` is the end.
 * - `GET url/id` until the status is `completed`, `failed` or `cancelled`.
 * - `DELETE url/id` when the attempt is aborted, by its timeout or by the run.
 *
 * An answer with an error status fails the attempt, and `Retry-After` says how long to wait before the next one. The key is the
 * same for all attempts at a task, so that an answer which was lost is not work done twice; only after a task has really been
 * cancelled it is another one.
 *
 * @throws ConfigurationError for an unknown option or an impossible value
 *
 * @example
 * const prefect = httpAdapter({ name: 'prefect', url: 'http://localhost:4200/tasks', capabilities: ['flows'] })
 * const ask = route('ask', { adapters: [prefect], timeoutMs: 60_000 })
 */
export function httpAdapter<T = unknown, R = unknown>(options: HttpAdapterOptions): Adapter<T, R> {
  const problems = optionProblems(optionsSchema, options, 'httpAdapter')
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'))
  const { name, capabilities, healthUrl, headers = {} } = options
  const client = new HttpClient({
    url: options.url.replace(/\/+$/, ''),
    headers,
    pollMs: options.pollMs ?? POLL_MS_DEFAULT,
    cancelMs: options.cancelMs ?? CANCEL_MS_DEFAULT,
  })
  // What the server gives is what the caller says it gives: only the server's answer as a whole is checked.
  const execute = (task: T, call: AdapterCall): Promise<R> => client.execute(task, call) as Promise<R>
  if (healthUrl === undefined) return Object.freeze({ name, capabilities, execute })
  const health = async ({ signal }: HealthCall): Promise<void> => {
    await ask({ method: 'GET', url: healthUrl, headers, signal })
  }
  return Object.freeze({ name, capabilities, execute, health })
}
