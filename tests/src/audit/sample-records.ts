import type {
  AttemptRecord,
  AttemptStartRecord,
  AuditRecord,
  EventRecord,
  JoinRecord,
  OutcomeRecord,
  RunFinishedRecord,
  RunStartedRecord,
  StepRecord,
  TokenRecord,
} from '../../../src/audit/records.ts'

// One record of each kind, as an engine would write it; a test names only what it is about.

export function runStarted(runId: string, with_: Partial<RunStartedRecord> = {}): RunStartedRecord {
  return {
    kind: 'run-started',
    runId,
    pipeline: 'article',
    startedWallMs: 1_750_000_000_000,
    input: 'tides',
    ...with_,
  }
}

export function token(
  runId: string,
  tokenId = 't1',
  parentIds: readonly string[] = [],
  with_: Partial<TokenRecord> = {},
): TokenRecord {
  return { kind: 'token', runId, tokenId, parentIds, branch: null, item: null, atMs: 0, ...with_ }
}

export function attemptStart(runId: string, with_: Partial<AttemptStartRecord> = {}): AttemptStartRecord {
  return {
    kind: 'attempt-start',
    runId,
    tokenId: 't1',
    path: 'article/draft',
    visit: 1,
    step: 'draft',
    attempt: 1,
    atMs: 0.25,
    ...with_,
  }
}

export function attempt(runId: string, with_: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    kind: 'attempt',
    runId,
    tokenId: 't1',
    path: 'article/draft',
    visit: 1,
    step: 'draft',
    attempt: 1,
    status: 'completed',
    startedAtMs: 0.25,
    latencyMs: 12.5,
    delayMs: 0,
    usage: { costUsd: 0.02, tokens: 120 },
    input: 'tides',
    output: { text: 'Tides come and go.' },
    error: null,
    ...with_,
  }
}

export function step(runId: string, with_: Partial<StepRecord> = {}): StepRecord {
  return {
    kind: 'step',
    runId,
    tokenId: 't1',
    path: 'article/draft',
    visit: 1,
    step: 'draft',
    node: 'step',
    status: 'completed',
    attempts: 1,
    latencyMs: 12.75,
    atMs: 13,
    usage: { costUsd: 0.02, tokens: 120 },
    feedback: null,
    metadata: {},
    ...with_,
  }
}

export function late(runId: string, with_: Partial<EventRecord> = {}): EventRecord {
  return {
    kind: 'event',
    runId,
    tokenId: 't1',
    path: 'article/draft',
    visit: 1,
    event: 'late',
    atMs: 40,
    detail: { step: 'draft', attempt: 1, settled: 'returned' },
    ...with_,
  }
}

/** Two branches that met: `t2` and `t3` became `t4`. */
export function join(runId: string, with_: Partial<JoinRecord> = {}): JoinRecord {
  return {
    kind: 'join',
    runId,
    joinGroup: 'g1',
    path: 'article/reviews',
    visit: 1,
    item: null,
    policy: 'all',
    status: 'merged',
    tokenId: 't4',
    arrived: [
      { branch: 'facts', tokenId: 't3', atMs: 20 },
      { branch: 'tone', tokenId: 't2', atMs: 24.5 },
    ],
    missing: [],
    missingOutcome: null,
    lost: [],
    waitedMs: 4.5,
    timeoutMs: null,
    atMs: 24.5,
    reason: null,
    usage: { costUsd: 0.25, tokens: 40 },
    collisions: {},
    input: { facts: 'sound', tone: 'calm' },
    output: { tone: 'calm', facts: 'sound' },
    ...with_,
  }
}

export function outcome(runId: string, with_: Partial<OutcomeRecord> = {}): OutcomeRecord {
  return {
    kind: 'outcome',
    runId,
    tokenId: 't1',
    outcome: 'completed',
    reason: null,
    errorHash: null,
    joinGroup: null,
    atMs: 30,
    ...with_,
  }
}

export function runFinished(runId: string, with_: Partial<RunFinishedRecord> = {}): RunFinishedRecord {
  return {
    kind: 'run-finished',
    runId,
    status: 'completed',
    finishedWallMs: 1_750_000_000_031,
    latencyMs: 31,
    attempts: 1,
    usage: { costUsd: 0.02, tokens: 120 },
    output: 'Tides come and go.',
    feedback: null,
    error: null,
    ...with_,
  }
}

/** A run of one step that went well: seven records. */
export function wholeRun(runId: string, with_: Partial<RunStartedRecord> = {}): AuditRecord[] {
  return [
    runStarted(runId, with_),
    token(runId),
    attempt(runId),
    step(runId),
    step(runId, { path: 'article', step: 'article', node: 'pipeline', atMs: 29 }),
    outcome(runId),
    runFinished(runId),
  ]
}

/** A run whose step failed, was retried, and was late once: what explaining is for. */
export function failedRun(runId: string): AuditRecord[] {
  const error = {
    name: 'Error',
    message: 'connection reset',
    code: 'ECONNRESET',
    stack: 'Error: connection reset\n  at x',
  }
  const usage = { costUsd: 0, tokens: 0 }
  return [
    runStarted(runId),
    token(runId),
    attempt(runId, { status: 'failed', output: undefined, error, usage }),
    late(runId),
    attempt(runId, {
      attempt: 2,
      status: 'failed',
      delayMs: 100,
      output: undefined,
      error,
      usage,
      startedAtMs: 120,
    }),
    step(runId, {
      status: 'failed',
      attempts: 2,
      feedback: 'connection reset',
      usage,
      metadata: { tried: 2 },
    }),
    outcome(runId, { outcome: 'failed', reason: 'connection reset', errorHash: '0123456789abcdef' }),
    runFinished(runId, {
      status: 'failed',
      attempts: 2,
      output: undefined,
      feedback: 'connection reset',
      error,
      usage,
    }),
  ]
}
