import * as z from '../../src/base/zod.ts'
import { errorInfoSchema, phaseSchema, scenarioItemSchema, sourceLocationSchema } from '../report/schema.ts'

/** The journal format this release writes. A reader refuses a newer one. */
export const JOURNAL_VERSION = 1

/** Milliseconds since the epoch, of the process that writes the journal. */
const atMs = z.number()
const count = z.int().min(0)
const durationMs = z.number().min(0)
/** Name of the Vitest project, in a workspace that names them: the same path can run in two of them. */
const project = z.string().exactOptional()
/** Paths are relative to the project root, `/`-separated. */
const inFile = { atMs, file: z.string(), project }
/** `null` when it is not known which file it belongs to. */
const perhapsInFile = { atMs, file: z.string().nullable(), project }
const errors = z.array(errorInfoSchema)

/** Opens a journal. A second one in the same stream opens the next shard: that is how journals are concatenated. */
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
  /** Vitest's `passWithNoTests`: that no test is left to run is no failure. */
  passWithNoTests: z.boolean(),
  /** In watch mode, a run of what has changed: how many files have run since Vitest started. */
  rerun: z.object({ of: count }).exactOptional(),
  /** The project root, relative to the working directory of the run. */
  root: z.string(),
  /**
   * What the gates allow, by the gate's name, which reads them. They are here so that the report depends on the journal
   * alone.
   */
  budgets: z.record(z.string(), z.unknown()),
})

const testFinished = z.object({
  type: z.literal('test-finished'),
  ...inFile,
  /** Unique within the file; names may repeat. */
  id: z.string(),
  /** Full name, suites joined by ` > `. */
  test: z.string(),
  status: z.enum(['passed', 'failed', 'skipped', 'todo', 'deselected']),
  durationMs,
  retries: count,
  /** It is marked with `fails`: it passes when it fails. */
  fails: z.literal(true).exactOptional(),
  /** Also for a passed test: what its earlier attempts failed with. */
  errors,
  /** What it was doing when it failed. */
  phase: phaseSchema,
  reason: z.string().nullable(),
  scenario: scenarioItemSchema.exactOptional(),
})

/** Warnings since the last such event of the same file. */
const warningsCounted = z.object({
  type: z.literal('warnings'),
  ...perhapsInFile,
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
  ...perhapsInFile,
  kind: z.enum(['unhandledRejection', 'uncaughtException', 'late', 'swallowed', 'pending']),
  confidence: z.enum(['certain', 'likely', 'file']),
  test: z.string().exactOptional(),
  during: z.string().exactOptional(),
  error: errorInfoSchema,
})

/** Something outlived its limit and was given up on: a file, or the run that would not close (its file is `null`). */
const hang = z.object({
  type: z.literal('hang'),
  ...perhapsInFile,
  kind: z.enum(['file', 'run']),
  test: z.string().exactOptional(),
  phase: phaseSchema,
  limitMs: durationMs,
  elapsedMs: durationMs,
  location: sourceLocationSchema.exactOptional(),
  stack: z.string().exactOptional(),
  resources: z.array(z.string()).exactOptional(),
})

/** What fails nobody but deserves a look, seen while a test ran or, where it belongs to none, in its file. */
const remarkMade = z.object({
  type: z.literal('remark'),
  ...inFile,
  test: z.string().exactOptional(),
  code: z.string(),
  message: z.string(),
  location: sourceLocationSchema.nullable(),
})

const fileFinished = z.object({
  type: z.literal('file-finished'),
  ...inFile,
  status: z.enum(['passed', 'failed', 'skipped']),
  durationMs,
  phase: phaseSchema,
  /** Errors of the file itself: its import, its top-level hooks. */
  errors,
})

/**
 * One line of a journal: what happened, in the order it happened. The report is a pure function of these.
 *
 * Readers validate with this schema, because a journal may have been written by another release or cut and glued by
 * hand. The writer does not: the compiler has checked what it is given.
 */
export const journalEventSchema = z.discriminatedUnion('type', [
  runStarted,
  // All files are written before the first one starts, so that a killed run knows what it owed.
  z.object({ type: z.literal('file-queued'), ...inFile }),
  // A worker took the file and begins to import it.
  z.object({ type: z.literal('file-started'), ...inFile }),
  // The import is done.
  z.object({ type: z.literal('file-collected'), ...inFile, tests: count }),
  z.object({ type: z.literal('test-started'), ...inFile, id: z.string(), test: z.string() }),
  testFinished,
  // A `beforeAll`, an `afterAll` or the body of a suite failed; its tests may look skipped or passed.
  z.object({ type: z.literal('suite-failed'), ...inFile, suite: z.string(), phase: phaseSchema, errors }),
  warningsCounted,
  unhandledError,
  // A worker process or thread died.
  z.object({ type: z.literal('worker-crashed'), ...perhapsInFile, error: errorInfoSchema }),
  hang,
  // Something failed that belongs to no test file: a coverage threshold, the teardown of a `globalSetup`.
  z.object({ type: z.literal('run-failed'), atMs, error: errorInfoSchema }),
  remarkMade,
  fileFinished,
  // Part of this very record is missing: lines that cannot be read, a journal that was cut.
  z.object({ type: z.literal('records-lost'), atMs, message: z.string() }),
  // What the process that ran the tests ends with, as far as is known by then: the last one holds. Without a
  // supervisor only: one judges the run itself.
  z.object({ type: z.literal('exit-code'), atMs, exitCode: count }),
  z.object({
    type: z.literal('run-ended'),
    atMs,
    status: z.enum(['passed', 'failed', 'bailed', 'interrupted']),
    /** Of runs that were not timed here: a merge of reports took as long as the runs in it. */
    durationMs: durationMs.exactOptional(),
  }),
])

/** What happened during a run, as one line of its journal holds it. */
export type JournalEvent = Readonly<z.infer<typeof journalEventSchema>>

/** The event of one type. */
type EventOf<T extends JournalEvent['type']> = Extract<JournalEvent, { readonly type: T }>

export type RunStarted = EventOf<'run-started'>
export type TestStarted = EventOf<'test-started'>
export type TestFinished = EventOf<'test-finished'>
export type SuiteFailed = EventOf<'suite-failed'>
export type WarningsCounted = EventOf<'warnings'>
export type UnhandledError = EventOf<'unhandled-error'>
export type WorkerCrashed = EventOf<'worker-crashed'>
export type Hang = EventOf<'hang'>
export type RunFailed = EventOf<'run-failed'>
export type RemarkMade = EventOf<'remark'>
export type FileFinished = EventOf<'file-finished'>
export type RecordsLost = EventOf<'records-lost'>
export type RunEnded = EventOf<'run-ended'>

/** Which file an event is about. */
export interface InFile {
  readonly file: string
  readonly project?: string
}
