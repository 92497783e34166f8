import {
  type Attributes,
  context,
  type Context,
  type HrTime,
  type Span,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import type {
  AttemptRecord,
  AuditRecord,
  EventRecord,
  RunFinishedRecord,
  StepRecord,
} from '../audit/records.ts'
import type { Redactor } from '../base/redact/redactor.ts'
import type { SerializedError, Status } from '../base/result.ts'

/** Where the API keeps what was registered, for all of its copies in a process. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1')

/** True when somebody has registered a tracer provider. It is all that a run costs where nobody has. */
export function isTraced(): boolean {
  return (globalThis as { [REGISTERED]?: { readonly trace?: unknown } })[REGISTERED]?.trace !== undefined
}

/** A run as its spans know it. */
export interface TracedRun {
  readonly id: string
  readonly pipeline: string
  /** When it started, in milliseconds since the Unix epoch. */
  readonly startedWallMs: number
  /** Milliseconds since it started, or since its first life did. */
  readonly elapsedMs: () => number
}

/** An attempt that is about to be made. */
export interface TracedAttempt {
  readonly tokenId: string
  readonly visit: number
  readonly path: string
  readonly step: string
  readonly attempt: number
}

/** A span and the context that its parts are in. */
interface Open {
  readonly span: Span
  readonly inside: Context
}

type Place = Pick<TracedAttempt, 'tokenId' | 'visit' | 'path'>

const keyOf = ({ tokenId, visit, path }: Place): string => `${tokenId} ${visit} ${path}`

/**
 * The spans of one run: of the run, of each step that is attempted, and of each attempt. They begin when an attempt does
 * and end with its records; other events of the record stand in the span that is open where they happen. The caller's
 * active span is the parent of the run's, and the attempt's is active while its function runs.
 */
export class RunTracing {
  readonly #tracer = trace.getTracer('shakedown')
  readonly #run: TracedRun
  readonly #redactor: Redactor
  readonly #root: Open
  readonly #steps = new Map<string, Open>()
  readonly #attempts = new Map<string, Open>()
  #isOver = false

  constructor(run: TracedRun, redactor: Redactor) {
    this.#run = run
    this.#redactor = redactor
    const attributes = { 'shakedown.run_id': run.id, 'shakedown.pipeline': run.pipeline }
    this.#root = this.#begin(`run ${run.pipeline}`, attributes, run.elapsedMs(), context.active())
  }

  /** Does the work of an attempt inside its span. */
  inAttempt<T>(attempt: TracedAttempt, work: () => T): T {
    const { path, step, attempt: number } = attempt
    const atMs = this.#run.elapsedMs()
    const about = { 'shakedown.path': path, 'shakedown.step': step }
    const key = keyOf(attempt)
    let ofStep = this.#steps.get(key)
    if (ofStep === undefined)
      this.#steps.set(key, (ofStep = this.#begin(`step ${step}`, about, atMs, this.#root.inside)))
    else ofStep.span.addEvent('retry', { 'shakedown.attempt': number }, this.#time(atMs))
    const attributes = { ...about, 'shakedown.attempt': number }
    const open = this.#begin(`attempt ${step}`, attributes, atMs, ofStep.inside)
    this.#attempts.set(`${key} ${number}`, open)
    return context.with(open.inside, work)
  }

  record(record: AuditRecord): void {
    // Spans are somebody else's code, and a run must not fail with it.
    try {
      if (record.kind === 'attempt') this.#attemptEnded(record)
      else if (record.kind === 'step') this.#stepEnded(record)
      else if (record.kind === 'event') this.#happened(record)
      else if (record.kind === 'run-finished') this.#finished(record)
    } catch {
      return
    }
  }

  /** Ends what is still open. */
  close(): void {
    if (this.#isOver) return
    this.#isOver = true
    const end = this.#time(this.#run.elapsedMs())
    for (const { span } of [...this.#attempts.values(), ...this.#steps.values(), this.#root]) span.end(end)
  }

  #attemptEnded(record: AttemptRecord): void {
    const key = `${keyOf(record)} ${record.attempt}`
    const open = this.#attempts.get(key)
    this.#attempts.delete(key)
    if (open !== undefined) this.#end(open, record, record.error, record.startedAtMs + record.latencyMs)
  }

  #stepEnded(record: StepRecord): void {
    const open = this.#steps.get(keyOf(record))
    if (open === undefined) return
    this.#steps.delete(keyOf(record))
    const { feedback } = record
    this.#end(open, record, feedback === null ? null : { name: 'Error', message: feedback }, record.atMs)
  }

  #happened({ event, path, detail, atMs, ...place }: EventRecord): void {
    if (this.#isOver) return
    const { span } = this.#steps.get(keyOf({ ...place, path })) ?? this.#root
    const known = Object.entries(detail).flatMap(([key, value]) => {
      const text = typeof value === 'string' ? this.#redactor.text(value) : value
      return typeof text === 'string' || typeof text === 'number' || typeof text === 'boolean'
        ? [[`shakedown.${key}`, text]]
        : []
    })
    const attributes = { 'shakedown.path': path, ...Object.fromEntries(known) } as Attributes
    span.addEvent(event === 'paused' ? 'pause' : event, attributes, this.#time(atMs))
  }

  #finished(record: RunFinishedRecord): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#end(this.#root, record, record.error, record.latencyMs)
  }

  #begin(name: string, attributes: Attributes, atMs: number, parent: Context): Open {
    const span = this.#tracer.startSpan(name, { attributes, startTime: this.#time(atMs) }, parent)
    return { span, inside: trace.setSpan(parent, span) }
  }

  #end({ span }: Open, ended: Ended, error: SerializedError | null, atMs: number): void {
    const { status, usage } = ended
    span.setAttributes({
      'shakedown.status': status,
      'shakedown.cost_usd': usage.costUsd,
      'shakedown.tokens': usage.tokens,
    })
    if (error !== null) {
      const message = this.#redactor.text(error.message)
      const { name, stack } = error
      span.recordException(
        { name, message, ...(stack === undefined ? {} : { stack: this.#redactor.text(stack) }) },
        this.#time(atMs),
      )
      if (status === 'failed') span.setStatus({ code: SpanStatusCode.ERROR, message })
    }
    span.end(this.#time(atMs))
  }

  /** A moment of the run by the world's clock. */
  #time(atMs: number): HrTime {
    const wallMs = this.#run.startedWallMs + atMs
    const seconds = Math.floor(wallMs / 1_000)
    return [seconds, Math.round((wallMs - seconds * 1_000) * 1e6)]
  }
}

/** What records of an end have in common. */
interface Ended {
  readonly status: Status | AttemptRecord['status']
  readonly usage: { readonly costUsd: number; readonly tokens: number }
}
