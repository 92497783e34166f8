import * as z from '../../base/zod.ts'
import { FAILED_WORDS } from '../soft-failure.ts'

/** What a server says of a task it was given. */
export interface TaskAnswer {
  /** What it calls the task; it is asked for by that, and cancelled. */
  readonly id: string | undefined
  readonly status: 'running' | 'completed' | 'failed' | 'cancelled'
  readonly result: unknown
  readonly error: string | undefined
  readonly retryable: boolean | undefined
}

/** Servers have many words for the same; these are understood. */
const WORDS: Readonly<Record<string, TaskAnswer['status']>> = {
  pending: 'running',
  queued: 'running',
  scheduled: 'running',
  accepted: 'running',
  running: 'running',
  in_progress: 'running',
  completed: 'completed',
  succeeded: 'completed',
  success: 'completed',
  done: 'completed',
  ...Object.fromEntries(FAILED_WORDS.map((word) => [word, 'failed' as const])),
  cancelled: 'cancelled',
  canceled: 'cancelled',
}

const TEXT_MAX = 10_000
const text = z.string().max(TEXT_MAX)

const answerSchema = z.object({
  id: z.union([text, z.int()]).optional(),
  status: text.optional(),
  result: z.unknown().optional(),
  error: z.union([text, z.object({ message: text })]).optional(),
  retryable: z.boolean().optional(),
})

/** What a server's answer says of a task, or what is wrong with it, in words. */
export function readAnswer(body: unknown): TaskAnswer | string {
  const parsed = answerSchema.safeParse(body)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return `${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'wrong'}`
  }
  const { id, status, result, error, retryable } = parsed.data
  const known = status === undefined ? withoutStatus(result) : wordOf(status)
  if (known === undefined)
    return `status: expected one of ${Object.keys(WORDS).join(', ')}, got ${JSON.stringify(status)}`
  return {
    id: id === undefined ? undefined : String(id),
    status: known,
    result,
    error: typeof error === 'object' ? error.message : error,
    retryable,
  }
}

function withoutStatus(result: unknown): TaskAnswer['status'] {
  return result === undefined ? 'running' : 'completed'
}

function wordOf(status: string): TaskAnswer['status'] | undefined {
  const word = status.toLowerCase()
  return Object.hasOwn(WORDS, word) ? WORDS[word] : undefined
}
