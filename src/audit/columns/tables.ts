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
} from '../records.ts'
import type { RowOf, RunTrail } from '../store.ts'
import { arrivals, bag, branches, error, ids, losses, payload, plain, text, usage } from './kinds.ts'
import { table, type Table } from './table.ts'

/** How each kind of record is kept: the columns of each table, listed once. */
export const TABLES: { readonly [K in AuditRecord['kind']]: TableOf<K> } = {
  'run-started': table<RunStartedRecord, RowOf<RunStartedRecord>>('runs', {
    pipeline: text(),
    startedWallMs: plain(),
    input: payload,
  }),
  token: table<TokenRecord, RowOf<TokenRecord>>('tokens', {
    tokenId: plain(),
    parentIds: ids,
    branch: text(),
    item: text(),
    atMs: plain(),
  }),
  'attempt-start': table<AttemptStartRecord, RowOf<AttemptStartRecord>>('attempt_starts', {
    tokenId: plain(),
    path: text(),
    visit: plain(),
    step: text(),
    attempt: plain(),
    atMs: plain(),
  }),
  attempt: table<AttemptRecord, RowOf<AttemptRecord>>('attempts', {
    tokenId: plain(),
    path: text(),
    visit: plain(),
    step: text(),
    attempt: plain(),
    status: plain(),
    startedAtMs: plain(),
    latencyMs: plain(),
    delayMs: plain(),
    usage,
    input: payload,
    output: payload,
    error,
  }),
  step: table<StepRecord, RowOf<StepRecord>>('steps', {
    tokenId: plain(),
    path: text(),
    visit: plain(),
    step: text(),
    node: plain(),
    status: plain(),
    attempts: plain(),
    latencyMs: plain(),
    atMs: plain(),
    usage,
    feedback: text(),
    metadata: bag,
  }),
  event: table<EventRecord, RowOf<EventRecord>>('events', {
    tokenId: plain(),
    path: text(),
    visit: plain(),
    event: plain(),
    atMs: plain(),
    detail: bag,
  }),
  join: table<JoinRecord, RowOf<JoinRecord>>('joins', {
    joinGroup: plain(),
    path: text(),
    visit: plain(),
    item: text(),
    policy: plain(),
    status: plain(),
    tokenId: plain(),
    arrived: arrivals,
    missing: branches,
    missingOutcome: plain(),
    lost: losses,
    waitedMs: plain(),
    timeoutMs: plain(),
    atMs: plain(),
    reason: text(),
    usage,
    collisions: bag,
    input: payload,
    output: payload,
  }),
  outcome: table<OutcomeRecord, RowOf<OutcomeRecord>>('outcomes', {
    tokenId: plain(),
    outcome: plain(),
    reason: text(),
    errorHash: plain(),
    joinGroup: plain(),
    atMs: plain(),
  }),
  'run-finished': table<RunFinishedRecord, RowOf<RunFinishedRecord>>('runs', {
    status: plain(),
    finishedWallMs: plain(),
    latencyMs: plain(),
    attempts: plain(),
    usage,
    output: payload,
    feedback: text(),
    error,
  }),
}

type RecordOf<K extends AuditRecord['kind']> = Extract<AuditRecord, { readonly kind: K }>
type TableOf<K extends AuditRecord['kind']> = Table<RecordOf<K>, RowOf<RecordOf<K>>>

/** The kinds of record that a trail lists, by the name of their list. */
export const LISTS = {
  tokenRows: 'token',
  startRows: 'attempt-start',
  attemptRows: 'attempt',
  stepRows: 'step',
  eventRows: 'event',
  joinRows: 'join',
  outcomeRows: 'outcome',
} as const satisfies Record<keyof RunTrail & `${string}Rows`, AuditRecord['kind']>

/** The table of a record, whatever its kind. */
export function tableOf(record: AuditRecord): Table<AuditRecord, RowOf<unknown>> {
  return TABLES[record.kind]
}
