import type { AttemptRecord, AuditRecord, JoinRecord } from 'shakedown'
import { expect, test } from 'vitest'
import { digestOf } from '../../../../harness/run/judge/digest.ts'
import type { Observation } from '../../../../harness/scenario/observation.ts'

function digest(
  records: readonly AuditRecord[],
  calls: readonly object[] = [],
  thrown: Observation['thrown'] = null,
): string {
  const observation = {
    marks: new Map(),
    callers: [],
    calls,
    end: { kind: 'settled' },
    virtualMs: 0,
    thrown,
    records,
  }
  return digestOf(observation as unknown as Observation)
}

const of = { runId: 'r', tokenId: 't1', path: 'p/a', visit: 1, atMs: 5 }
const spent = { latencyMs: 1, usage: { costUsd: 0, tokens: 0 } }
const attempt: AttemptRecord = {
  ...of,
  ...spent,
  kind: 'attempt',
  step: 'a',
  attempt: 1,
  status: 'completed',
  startedAtMs: 0,
  delayMs: 0,
  input: 'in',
  output: 'out',
  error: null,
}
const join: JoinRecord = {
  ...of,
  kind: 'join',
  joinGroup: 'j',
  item: null,
  policy: 'all',
  status: 'merged',
  arrived: [{ branch: 'a', tokenId: 't2', atMs: 3 }],
  missing: [],
  missingOutcome: null,
  lost: [],
  waitedMs: 2,
  timeoutMs: null,
  reason: null,
  usage: { costUsd: 0, tokens: 0 },
  collisions: {},
  input: 'in',
  output: 'out',
}
const step = {
  ...of,
  ...spent,
  kind: 'step',
  step: 'a',
  node: 'step',
  status: 'completed',
  attempts: 1,
} as const
const event = { ...of, kind: 'event', event: 'late', detail: {} } as const
const token = { ...of, kind: 'token', parentIds: ['t0'], branch: null, item: null } as const
const start = { ...of, kind: 'attempt-start', step: 'a', attempt: 1 } as const
const outcome = {
  ...of,
  kind: 'outcome',
  outcome: 'forked',
  reason: null,
  errorHash: null,
  joinGroup: null,
} as const
const finished = { runId: 'r', ...spent, kind: 'run-finished', status: 'completed', attempts: 1 } as const

test.for<[AuditRecord['kind'], object, object]>([
  ['run-started', { kind: 'run-started', pipeline: 'p' }, { pipeline: 'q' }],
  ['token', token, { parentIds: ['t9'] }],
  ['token', token, { branch: 'left' }],
  ['token', token, { item: '7' }],
  ['attempt-start', start, { attempt: 2 }],
  ['attempt', attempt, { tokenId: 't2' }],
  ['attempt', attempt, { visit: 2 }],
  ['step', step, { status: 'failed' }],
  ['step', step, { tokenId: 't2' }],
  ['event', event, { visit: 2 }],
  ['join', join, { status: 'failed' }],
  ['join', join, { arrived: [{ branch: 'a', tokenId: 't3', atMs: 3 }] }],
  ['join', join, { reason: 'quorum_not_met' }],
  ['join', join, { missing: ['b'] }],
  ['join', join, { lost: [{ branch: 'b', reason: 'it failed' }] }],
  ['outcome', outcome, { joinGroup: 'j' }],
  ['run-finished', finished, { status: 'failed' }],
])('a trace whose %s record says something else has another digest (%#)', ([, record, change]) => {
  const changed = { ...record, ...change } as AuditRecord
  expect(digest([changed])).not.toBe(digest([record as AuditRecord]))
})

test('payloads are nothing to the digest, and the token that called is', () => {
  expect(digest([{ ...attempt, input: 1, output: 2 }])).toBe(digest([attempt]))
  const call = { ...of, point: 'step:a', nth: 1, atMs: 0, fault: null, settled: 'returned', settledAtMs: 1 }
  expect(digest([], [{ ...call, tokenId: 't2' }])).not.toBe(digest([], [call]))
})

test('two parts of a trace are not one: what ends the first does not begin the second', () => {
  const ended = (tokenId: string, atMs: number) => ({ ...outcome, tokenId, atMs })
  expect(digest([ended('a', 5), ended('1b', 5)])).not.toBe(digest([ended('a', 51), ended('b', 5)]))
})

test('a function that threw and one that did not give different digests', () => {
  expect(digest([], [], { name: 'Error', message: 'no' })).not.toBe(digest([]))
})
