import type { AttemptRecord, AuditRecord, RunFinishedRecord } from '../audit/records.ts'

/** What is tried at a path: what people call it, and how many attempts it may take at most; `undefined` where that is not known. */
export interface Tried {
  readonly what: 'Step' | 'Task'
  readonly most: number | undefined
}

export type TriedAt = (path: string) => Tried

/** A line of the log. */
export interface Words {
  readonly level: 'info' | 'warn'
  readonly line: string
}

type Detail = Readonly<Record<string, unknown>>

/** What an event says: its place, and what is known about it. */
type Say = (path: string, detail: Detail) => Words

const info = (line: string): Words => ({ level: 'info', line })
const warn = (line: string): Words => ({ level: 'warn', line })

/** Events that are of interest to nobody who reads a log: they are on record. */
const SILENT: ReadonlySet<string> = new Set(['mark', 'marks_left_out'])

/** What events say in words; one that is not listed says its name and what it knows. */
const WORDS: Readonly<Record<string, Say>> = {
  fallback: (path, { to, feedback }) =>
    warn(`${nameOf(path)} failed, ${nameOf(text(to))} takes over: ${text(feedback)}`),
  late: (path, { attempt, settled, error }) =>
    warn(
      `Attempt ${text(attempt)} of ${nameOf(path)} ${text(settled)} after it was given up${error === undefined ? '' : `: ${text(error)}`}`,
    ),
  abandoned: (path, { branch, abandoned }) =>
    warn(
      `${text(abandoned)} cancelled attempts of branch ${text(branch)} of ${nameOf(path)} still run and were abandoned`,
    ),
  adapter_fallback: (_path, { from, to, feedback }) =>
    warn(`Falling back from ${text(from)} to ${text(to)}: ${text(feedback)}`),
  adapter_skipped: (_path, { adapter, reason }) => warn(`Skipped ${text(adapter)}: ${text(reason)}`),
  breaker: (_path, { adapter, from, to }) =>
    (to === 'open' ? warn : info)(`Circuit breaker of ${text(adapter)}: ${text(from)} → ${text(to)}`),
  hook_error: (path, { hook, error }) => warn(`Hook ${text(hook)} failed at ${path}: ${text(error)}`),
  quota_exceeded: (path, { attempt }) =>
    warn(`Quota exceeded by attempt ${text(attempt)} of ${nameOf(path)}`),
  quota_reservation_denied: (path, { attempt }) =>
    warn(`Quota denied attempt ${text(attempt)} of ${nameOf(path)}: too little is left for its estimate`),
}

/** A log line for a record; `undefined` for one that says nothing new. */
export function wordsOf(record: AuditRecord, triedAt: TriedAt): Words | undefined {
  switch (record.kind) {
    case 'attempt':
      return attemptWords(record, triedAt(record.path))
    case 'event':
      return SILENT.has(record.event)
        ? undefined
        : (WORDS[record.event]?.(record.path, record.detail) ?? unknownEvent(record))
    case 'run-started':
      return info(`Run ${record.runId} of ${record.pipeline} started`)
    case 'run-finished':
      return finishedWords(record)
    case 'token':
    case 'attempt-start':
    case 'step':
    case 'join':
    case 'outcome':
      return undefined
  }
}

/** What failed says so; what succeeded does where it took more than one attempt, or where it could have been done elsewhere. */
function attemptWords({ attempt, step, status, error }: AttemptRecord, { what, most }: Tried) {
  if (status === 'failed')
    return warn(`Attempt ${countOf(attempt, most)} failed on ${step}: ${error?.message}`)
  return status === 'completed' && (attempt > 1 || what === 'Task')
    ? info(`${what} succeeded on ${step} (attempt ${countOf(attempt, most)})`)
    : undefined
}

function countOf(attempt: number, most: number | undefined): string {
  return most === undefined ? String(attempt) : `${attempt}/${most}`
}

function finishedWords({ runId, status, latencyMs, attempts, feedback }: RunFinishedRecord): Words {
  const line = `Run ${runId} ${status} after ${Math.round(latencyMs)} ms, attempts: ${attempts}`
  return status === 'failed' ? warn(`${line}: ${feedback ?? 'no reason was recorded'}`) : info(line)
}

function unknownEvent({ event, path, detail }: Extract<AuditRecord, { kind: 'event' }>): Words {
  return info(`${event} at ${path}: ${text(detail)}`)
}

/** The name of what is at a path. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Longest detail in a line; the audit trail has the whole. */
const TEXT_MAX = 1_000

function text(value: unknown): string {
  let whole: string
  try {
    whole = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
  } catch {
    whole = 'something that cannot be shown'
  }
  return whole.length > TEXT_MAX ? `${whole.slice(0, TEXT_MAX)}…` : whole
}
