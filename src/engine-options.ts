import * as z from './base/zod.ts'
import type { AuditStore } from './audit/store.ts'
import { ConfigurationError } from './base/control.ts'
import { parseOptions } from './base/options.ts'
import type { QuotaLimits } from './base/quota-exceeded.ts'
import { isQuota, type Quota } from './policy/quota.ts'
import { SECRET_CHARS_MIN } from './base/redact/literals.ts'
import { createRedactor } from './base/redact/redactor.ts'
import { type Hooks, hooksSchema } from './policy/hooks.ts'
import type { OnChunk } from './policy/stream-policy.ts'
import type { Watching } from './run/hooks/around.ts'
import type { Log } from './telemetry/log.ts'
import { type AnyNode, isNode } from './nodes/node.ts'
import { type CheckpointKey, keyBytes } from './run/checkpoint/checkpoint-codec.ts'
import type { World } from './world/world.ts'

/**
 * @example
 * const options: EngineOptions = { audit: memoryAudit(), world: systemWorld() }
 */
export interface EngineOptions {
  /** Where runs are recorded: a SQLite file, or a store of your own, which you close yourself. Default: nowhere. */
  readonly audit?: string | AuditStore | undefined
  /** Default: the system world. */
  readonly world?: World | undefined
  /**
   * What runs may spend: limits are for each run by itself, a pool made by `createQuota` is shared by all of them.
   * Default: no limit.
   */
  readonly quota?: Quota | QuotaLimits | undefined
  /** Called beside the work of every run; `withHooks` is for those of one pipeline. Default: none. */
  readonly hooks?: Hooks | undefined
  /** A hook that throws ends its run with a `HookError`. Default `false`: it is recorded and the run goes on. */
  readonly strictHooks?: boolean | undefined
  /** Where runs are told of while they go on, such as `console`. Default: nowhere. */
  readonly log?: Log | undefined
  /**
   * Values that are hidden in log lines, in spans and in the audit file that the engine opens, beside what looks like a
   * secret; each of at least 4 characters. A store of your own has a `redact` of its own.
   */
  readonly redact?: readonly string[] | undefined
  /** What `resume` and `recover` can carry on in this process, by name; what this engine has run is known, too. */
  readonly pipelines?: readonly AnyNode[] | undefined
  /**
   * Encrypts the checkpoints of durable runs (AES-256-GCM): 32 bytes, or their hex or base64 text. Default: they can be
   * read by whoever can read the file.
   *
   * **Gotcha:** the audit trail beside them is for people and is not encrypted: inputs and outputs of attempts stand in it,
   * and the names of steps and decisions are the checkpoints' keys. `redact` hides secrets there.
   */
  readonly checkpointKey?: CheckpointKey | undefined
  /** The checkpoints of durable runs stay when the run ends. Default false: they go with its end. */
  readonly keepCheckpoints?: boolean | undefined
}

/**
 * @example
 * const options: RunOptions = { signal, context: { language: 'en' }, runId: 'nightly-7' }
 */
export interface RunOptions {
  /** Aborts the run: it ends as `cancelled` at once, and so does every signal its steps were given. */
  readonly signal?: AbortSignal | undefined
  /** The context the run starts with; copied. */
  readonly context?: Readonly<Record<string, unknown>> | undefined
  /** 1 to 200 characters, not the id of another run of the same audit trail. Default: a new id of the world. */
  readonly runId?: string | undefined
  /**
   * What this run may spend, beside what the engine's quota says: limits, or a pool made by `createQuota` that it
   * shares with others. Default: no limit.
   */
  readonly quota?: Quota | QuotaLimits | undefined
  /** Sees the chunks of all streams that steps give, in order, with their attempt. */
  readonly onChunk?: OnChunk | undefined
  /**
   * The run can be carried on when its process dies: it keeps what each step gave beside the audit trail, which it needs.
   * With `runId` of a run that was interrupted, that one is carried on; pipeline, input and context have to be its own. Default false; a run with
   * an approval is durable anyway.
   */
  readonly durable?: boolean | undefined
}

/**
 * @example
 * const options: ResumeOptions = { at: 'article/publish', signal }
 */
export interface ResumeOptions {
  /** The path of the approval that is answered; needed when several wait. */
  readonly at?: string | undefined
  /** Aborts the run, as it does for `run`. */
  readonly signal?: AbortSignal | undefined
  /**
   * As for `run`. Default: the limits the run had before, which are kept with it; a pool that it shared with others is not,
   * and has to be given again.
   */
  readonly quota?: Quota | QuotaLimits | undefined
  /** As for `run`. */
  readonly onChunk?: OnChunk | undefined
}

const RUN_ID_LENGTH_MAX = 200

/** An object that has all these methods, its own or inherited. */
function having(value: unknown, methods: readonly string[]): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function')
  )
}

const STORE_METHODS: readonly (keyof AuditStore)[] = [
  'append',
  'committed',
  'close',
  'runs',
  'trail',
  'isJoined',
  'conservation',
]

function isAudit(value: unknown): boolean {
  return typeof value === 'string' ? value !== '' : having(value, STORE_METHODS)
}

function isWorld(value: unknown): boolean {
  return (
    having(value, ['random', 'nextId']) &&
    having((value as World).clock, ['monotonicMs', 'wallMs', 'after', 'afterTurn'])
  )
}

const quotaSchema = z
  .custom<Quota | QuotaLimits>(
    isQuota,
    'expected limits of at least 0, such as { costUsd: 0.15, tokens: 20_000 }, or a pool made by createQuota()',
  )
  .optional()

const engineOptionsSchema = z.strictObject({
  audit: z
    .custom<string | AuditStore>(
      isAudit,
      'expected the path of a SQLite file, or an audit store such as memoryAudit()',
    )
    .optional(),
  world: z
    .custom<World>(isWorld, 'expected a World, such as systemWorld() or a SimWorld of shakedown/harness')
    .optional(),
  quota: quotaSchema,
  hooks: hooksSchema.optional(),
  strictHooks: z.boolean().optional(),
  log: z
    .custom<Log>(
      (value) => having(value, ['info', 'warn']),
      'expected an object with the methods info and warn',
    )
    .optional(),
  redact: z.array(z.string().min(SECRET_CHARS_MIN)).optional(),
  pipelines: z
    .array(z.custom<AnyNode>(isNode, 'expected a node made by a builder such as pipeline()'))
    .optional(),
  // Looked at before, by a check that does not quote it.
  checkpointKey: z.custom<CheckpointKey>().optional(),
  keepCheckpoints: z.boolean().optional(),
})

const signalSchema = z
  .custom<AbortSignal>(
    (value) =>
      having(value, ['addEventListener', 'removeEventListener']) && 'aborted' in (value as AbortSignal),
    'expected an AbortSignal',
  )
  .optional()

/** Not a map or an instance of a class, whose entries are no properties; one of another realm is as good as ours. */
function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** The options of one run, over one input or many. */
export const runOptionsShape = {
  signal: signalSchema,
  context: z
    .custom<Readonly<Record<string, unknown>>>(
      isPlainObject,
      "expected a plain object such as { language: 'en' }",
    )
    .optional(),
  runId: z.string().min(1).max(RUN_ID_LENGTH_MAX).optional(),
  onChunk: z.custom<OnChunk>((value) => typeof value === 'function', 'expected a function').optional(),
  quota: quotaSchema,
}

const runOptionsSchema = z.strictObject({ ...runOptionsShape, durable: z.boolean().optional() })

const { signal, quota, onChunk } = runOptionsShape
const resumeOptionsSchema = z.strictObject({ at: z.string().min(1).optional(), signal, quota, onChunk })

/** @throws ConfigurationError on an unknown option or an impossible value */
export function checkEngineOptions(options: EngineOptions): EngineOptions {
  checkKey(options)
  // A simulation makes an engine for each run, and asking the schema costs as much as a step. It finds the words for what
  // is wrong.
  return isFine(options) ? options : parseOptions<EngineOptions>(engineOptionsSchema, options, 'createEngine')
}

function checkKey(options: EngineOptions | null): void {
  const key: unknown = options?.checkpointKey
  if (key === undefined || keyBytes(key) !== undefined) return
  throw new ConfigurationError(
    'Expected `checkpointKey` of createEngine to be 32 bytes, or their hex or base64 text; got something else.',
    { hint: 'Make one: openssl rand -base64 32.' },
  )
}

function isFine(options: EngineOptions): boolean {
  if (typeof options !== 'object' || Object.getPrototypeOf(options ?? []) !== Object.prototype) return false
  for (const key in options) if (key !== 'audit' && key !== 'world') return false
  const { audit, world } = options
  return (audit === undefined || isAudit(audit)) && (world === undefined || isWorld(world))
}

/** What an engine shows of its runs; `undefined` for one that was told nothing. */
export function watchingOf({ hooks, strictHooks, log, redact }: EngineOptions): Watching | undefined {
  if (hooks === undefined && strictHooks !== true && log === undefined && redact === undefined)
    return undefined
  return {
    hooks: hooks === undefined ? [] : [hooks],
    strictHooks: strictHooks === true,
    log,
    redactor: createRedactor(redact ?? []),
  }
}

/** @throws ConfigurationError on an unknown option or an impossible value */
export function checkRunOptions(options: RunOptions): RunOptions {
  return parseOptions<RunOptions>(runOptionsSchema, options, 'engine.run')
}

/** @throws ConfigurationError on an unknown option or an impossible value */
export function checkResumeOptions(options: ResumeOptions): ResumeOptions {
  return parseOptions<ResumeOptions>(resumeOptionsSchema, options, 'engine.resume')
}
