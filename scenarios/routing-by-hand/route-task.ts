import type { Ports } from 'shakedown/harness'
import { adaptersUrl } from './adapters-server.ts'

/**
 * Routing as people write it by hand: no engine of ours, an ordinary function. Every adapter gets three attempts with
 * exponential backoff, then the next one has its turn.
 */
export async function routeTask(task: Task, ports: Ports): Promise<Routed> {
  const fallbackChain: string[] = []
  const errors: string[] = []
  let totalAttempts = 0
  for (const adapter of task.order ?? DEFAULT_ORDER) {
    fallbackChain.push(adapter)
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      totalAttempts++
      try {
        const result = await callAdapter(adapter, task.prompt, ports)
        count(task, adapter, true)
        return {
          success: true,
          adapter,
          result,
          fallbackChain,
          totalAttempts,
          statistics: task.statistics ?? {},
        }
      } catch (error) {
        errors.push(`${adapter}: ${rootMessage(error)}`)
        if (attempt < ATTEMPTS_MAX) await ports.clock.sleep(BACKOFF_BASE_MS * 2 ** (attempt - 1))
      }
    }
    count(task, adapter, false)
  }
  throw new Error(`all adapters failed: ${errors.join('; ')}`)
}

export interface Task {
  readonly prompt: string
  readonly order?: readonly string[]
  /** Successes and failures so far, once per task and adapter. */
  readonly statistics?: Record<string, { successes: number; failures: number }>
}

export interface Routed {
  readonly success: true
  readonly adapter: string
  readonly result: unknown
  readonly fallbackChain: readonly string[]
  readonly totalAttempts: number
  readonly statistics: Readonly<Record<string, { readonly successes: number; readonly failures: number }>>
}

const DEFAULT_ORDER = ['prefect', 'agno', 'llamaindex']
const ATTEMPTS_MAX = 3
const BACKOFF_BASE_MS = 100

async function callAdapter(adapter: string, prompt: string, ports: Ports): Promise<unknown> {
  const response = await ports.fetch(`${adaptersUrl}/${adapter}`, {
    method: 'POST',
    body: JSON.stringify({ prompt }),
  })
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
  return await response.json()
}

/** `fetch failed` says nothing; what is underneath does. */
function rootMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

function count(task: Task, adapter: string, success: boolean): void {
  if (task.statistics === undefined) return
  const counts = (task.statistics[adapter] ??= { successes: 0, failures: 0 })
  if (success) counts.successes++
  else counts.failures++
}
