import * as z from '../../src/base/zod.ts'
import { SCHEMA_VERSION } from './model.ts'
import type { ErrorInfo, SourceLocation } from './error-info.ts'
import type { AsyncError, Failure, Phase, Remark, RunReport, Timeout, WarningSummary } from './model.ts'
import type { ScenarioItem, ScenarioProblem, ScenarioRemark, ScenarioSummary } from './scenarios.ts'

const count = z.int().min(0)
const durationMs = z.number().min(0)

export const sourceLocationSchema: z.ZodType<SourceLocation> = z.object({
  file: z.string(),
  line: z.int().min(1),
  column: z.int().min(1),
})

export const errorInfoSchema: z.ZodType<ErrorInfo> = z.object({
  name: z.string(),
  message: z.string(),
  stack: z.string().nullable(),
  diff: z.string().nullable(),
  location: sourceLocationSchema.nullable(),
  codeFrame: z.string().exactOptional(),
  causes: z.array(
    z.object({
      name: z.string(),
      message: z.string(),
      location: sourceLocationSchema.nullable(),
      codeFrame: z.string().exactOptional(),
    }),
  ),
})

export const phaseSchema: z.ZodType<Phase> = z.enum([
  'import',
  'beforeAll',
  'beforeEach',
  'test',
  'afterEach',
  'afterAll',
  'hook',
  'close',
  'unknown',
])

const runSchema = z.object({
  id: z.string(),
  startedAt: z.iso.datetime(),
  durationMs,
  status: z.enum(['passed', 'failed', 'incomplete', 'empty']),
  end: z.enum(['finished', 'bailed', 'interrupted', 'killed']),
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  // Reports of earlier releases have neither.
  processExitCode: count.nullable().default(null),
  rerun: z.object({ files: count, of: count }).nullable().default(null),
  vitest: z.string(),
  node: z.string(),
  commit: z.string().nullable(),
  branch: z.string().nullable(),
  shards: z.array(z.object({ index: z.int().min(1), count: z.int().min(1) })),
  ci: z.object({ name: z.string().nullable(), pullRequest: z.boolean() }).nullable(),
})

const totalsSchema = z.object({
  files: count,
  tests: count,
  passed: count,
  failed: count,
  skipped: count,
  todo: count,
  deselected: count,
  timedOut: count,
  lost: count,
  notRun: count,
  unfinished: count,
  failedAsExpected: count,
  flaky: count,
})

const fileSchema = z.object({
  path: z.string(),
  project: z.string().exactOptional(),
  status: z.enum(['passed', 'failed', 'timeout', 'crashed', 'lost', 'notRun', 'skipped']),
  durationMs,
  tests: count,
  passed: count,
  failed: count,
  warnings: count,
  // Reports of earlier releases have none.
  results: z
    .array(
      z.object({
        test: z.string(),
        status: z.enum([
          'passed',
          'flaky',
          'failed',
          'timeout',
          'skipped',
          'todo',
          'deselected',
          'unfinished',
        ]),
        durationMs,
        retries: count.exactOptional(),
      }),
    )
    .default([]),
})

export const scenarioProblemSchema: z.ZodType<ScenarioProblem> = z.object({
  code: z.string(),
  oracle: z.string().nullable(),
  message: z.string(),
  location: sourceLocationSchema.nullable(),
  comparison: z
    .object({ what: z.string(), expected: z.string(), received: z.string(), detail: z.string() })
    .exactOptional(),
})

const failureSchema: z.ZodType<Failure> = z.object({
  file: z.string(),
  project: z.string().exactOptional(),
  test: z.string().nullable(),
  status: z.enum(['failed', 'timeout', 'crashed', 'lost']),
  phase: phaseSchema,
  durationMs,
  retries: count,
  error: errorInfoSchema,
  moreErrors: z.array(errorInfoSchema),
  checks: z.array(scenarioProblemSchema).exactOptional(),
  runIds: z.array(z.string()).exactOptional(),
})

const timeoutSchema: z.ZodType<Timeout> = z.object({
  file: z.string(),
  project: z.string().exactOptional(),
  test: z.string().exactOptional(),
  kind: z.enum(['test', 'hook', 'file', 'run']),
  phase: phaseSchema,
  limitMs: durationMs,
  elapsedMs: durationMs,
  attempts: count.exactOptional(),
  location: sourceLocationSchema.exactOptional(),
  stack: z.string().exactOptional(),
  resources: z.array(z.string()).exactOptional(),
})

const asyncErrorSchema: z.ZodType<AsyncError> = z.object({
  file: z.string().nullable(),
  project: z.string().exactOptional(),
  test: z.string().exactOptional(),
  confidence: z.enum(['certain', 'likely', 'file']),
  kind: z.enum(['unhandledRejection', 'uncaughtException', 'late', 'swallowed', 'pending']),
  error: errorInfoSchema,
  during: z.string().exactOptional(),
})

const warningsSchema: z.ZodType<WarningSummary> = z.object({
  total: count,
  byFile: z.array(z.object({ file: z.string(), project: z.string().exactOptional(), count })),
  top: z.array(
    z.object({
      fingerprint: z.string(),
      count,
      sample: z.string(),
      location: sourceLocationSchema.nullable(),
      files: z.array(z.string()),
    }),
  ),
  overflow: count,
})

export const scenarioRemarkSchema: z.ZodType<ScenarioRemark> = z.object({
  code: z.string(),
  message: z.string(),
  // Reports of earlier releases have none.
  location: sourceLocationSchema.nullable().default(null),
})

/** One scenario of a run; the journal carries it as it is. */
export const scenarioItemSchema: z.ZodType<ScenarioItem> = z.object({
  file: z.string(),
  name: z.string(),
  status: z.enum(['passed', 'failed', 'vacuous']),
  virtualMs: durationMs,
  wallMs: durationMs,
  attempts: count,
  faultsFired: count,
  runIds: z.array(z.string()),
  digest: z.string(),
  problems: z.array(scenarioProblemSchema),
  // Reports of earlier releases have neither.
  subjectError: errorInfoSchema.nullable().default(null),
  remarks: z.array(scenarioRemarkSchema).default([]),
})

const scenariosSchema: z.ZodType<ScenarioSummary> = z.object({
  total: count,
  passed: count,
  failed: count,
  vacuous: count,
  virtualMs: durationMs,
  wallMs: durationMs,
  faultsFired: count,
  items: z.array(scenarioItemSchema),
})

const remarkSchema: z.ZodType<Remark> = z.object({
  code: z.string(),
  message: z.string(),
  file: z.string(),
  project: z.string().exactOptional(),
  test: z.string().nullable(),
  location: sourceLocationSchema.nullable(),
})

/**
 * Validates a stored report. Keys it does not know are dropped: within one `schemaVersion` fields are only added.
 *
 * @example
 * const parsed = runReportSchema.safeParse(JSON.parse(readFileSync('report.json', 'utf8')))
 * if (parsed.success) console.log(parsed.data.totals.passed)
 */
export const runReportSchema: z.ZodType<RunReport> = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  run: runSchema,
  totals: totalsSchema,
  files: z.array(fileSchema),
  failures: z.array(failureSchema),
  timeouts: z.array(timeoutSchema),
  asyncErrors: z.array(asyncErrorSchema),
  warnings: warningsSchema,
  skipped: z.array(
    z.object({
      file: z.string(),
      project: z.string().exactOptional(),
      test: z.string(),
      kind: z.enum(['skipped', 'todo', 'deselected']),
      reason: z.string().nullable(),
    }),
  ),
  slowest: z.array(
    z.object({ file: z.string(), project: z.string().exactOptional(), test: z.string(), durationMs }),
  ),
  flaky: z.array(
    z.object({
      file: z.string(),
      project: z.string().exactOptional(),
      test: z.string(),
      retries: count,
      error: errorInfoSchema.nullable(),
    }),
  ),
  benches: z.array(
    z.object({
      name: z.string(),
      verdict: z.enum(['ok', 'improved', 'regressed', 'inconclusive', 'new']),
      change: z.number(),
      processes: count,
      seconds: durationMs,
    }),
  ),
  gates: z.array(z.object({ name: z.string(), limit: z.number(), actual: z.number(), ok: z.boolean() })),
  scenarios: scenariosSchema,
  // Reports of earlier releases have none.
  remarks: z.array(remarkSchema).default([]),
})
