import { z } from 'zod'
import { errorInfoSchema, phaseSchema, scenarioItemSchema, sourceLocationSchema } from '../report/schema.ts'
import { JOURNAL_VERSION } from './events.ts'
import type { JournalEvent } from './events.ts'

const atMs = z.number()
const count = z.int().min(0)
const durationMs = z.number().min(0)
const inFile = { atMs, file: z.string(), project: z.string().exactOptional() }
const fileOrNone = z.string().nullable()
const errors = z.array(errorInfoSchema)

const runStarted = z.object({
  type: z.literal('run-started'),
  atMs,
  journalVersion: z.literal(JOURNAL_VERSION),
  runId: z.string(),
  vitest: z.string(),
  node: z.string(),
  commit: z.string().nullable(),
  branch: z.string().nullable(),
  ci: z.object({ name: z.string().nullable(), pullRequest: z.boolean() }).nullable(),
  shard: z.object({ index: z.int().min(1), count: z.int().min(1) }).nullable(),
  root: z.string(),
})

const testFinished = z.object({
  type: z.literal('test-finished'),
  ...inFile,
  id: z.string(),
  test: z.string(),
  status: z.enum(['passed', 'failed', 'skipped', 'todo', 'deselected']),
  durationMs,
  retries: count,
  errors,
  phase: phaseSchema,
  reason: z.string().nullable(),
  scenario: scenarioItemSchema.exactOptional(),
})

const warningsCounted = z.object({
  type: z.literal('warnings'),
  atMs,
  file: fileOrNone,
  count,
  fingerprints: z.array(
    z.object({
      fingerprint: z.string(),
      count,
      sample: z.string(),
      location: sourceLocationSchema.nullable(),
    }),
  ),
  overflow: count,
})

const unhandledError = z.object({
  type: z.literal('unhandled-error'),
  atMs,
  kind: z.enum(['unhandledRejection', 'uncaughtException', 'late', 'swallowed', 'pending']),
  confidence: z.enum(['certain', 'likely', 'file']),
  file: fileOrNone,
  test: z.string().exactOptional(),
  during: z.string().exactOptional(),
  error: errorInfoSchema,
})

const hang = z.object({
  type: z.literal('hang'),
  atMs,
  kind: z.enum(['file', 'run']),
  file: fileOrNone,
  test: z.string().exactOptional(),
  phase: phaseSchema,
  limitMs: durationMs,
  elapsedMs: durationMs,
  location: sourceLocationSchema.exactOptional(),
  stack: z.string().exactOptional(),
  resources: z.array(z.string()).exactOptional(),
})

/** Validates one line of a journal: it may have been written by another release, or cut and glued by hand. */
export const journalEventSchema: z.ZodType<JournalEvent> = z.discriminatedUnion('type', [
  runStarted,
  z.object({ type: z.literal('file-queued'), ...inFile }),
  z.object({ type: z.literal('file-started'), ...inFile }),
  z.object({ type: z.literal('file-collected'), ...inFile, tests: count }),
  z.object({ type: z.literal('test-started'), ...inFile, id: z.string(), test: z.string() }),
  testFinished,
  z.object({ type: z.literal('suite-failed'), ...inFile, suite: z.string(), phase: phaseSchema, errors }),
  warningsCounted,
  unhandledError,
  z.object({ type: z.literal('worker-crashed'), atMs, file: fileOrNone, error: errorInfoSchema }),
  hang,
  z.object({
    type: z.literal('file-finished'),
    ...inFile,
    status: z.enum(['passed', 'failed', 'skipped']),
    durationMs,
    phase: phaseSchema,
    errors,
  }),
  z.object({ type: z.literal('run-ended'), atMs, status: z.enum(['passed', 'failed', 'interrupted']) }),
])
