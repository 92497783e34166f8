import { pipeline, step, type AnyNode, type AuditRecord } from 'shakedown'
import type { Oracle } from '../../../harness/oracles/oracle.ts'
import { visitsOf } from '../../../harness/run/visits.ts'
import type { Observation, ObservedCall } from '../../../harness/scenario/observation.ts'
import type { Problem } from '../../../harness/scenario/verdict.ts'
import { planOf } from '../../../src/run/plan-of.ts'

/** What these oracles look at, made up record by record. */
interface Evidence {
  readonly node?: AnyNode
  readonly records?: readonly object[]
  readonly calls?: readonly object[]
  readonly result?: object
  readonly end?: object
  readonly unhandled?: readonly object[]
  readonly faultsUnfired?: readonly object[]
  readonly scenario?: object
  readonly departure?: object
  readonly virtualMs?: number
}

const ROOT = { tokenId: 't1', visit: 1 }

export function judge(
  oracle: Oracle,
  { node, records = [], calls = [], ...rest }: Evidence,
): readonly Problem[] {
  const all = records.map((record) => ({ ...ROOT, ...record })) as unknown as AuditRecord[]
  const made = calls.map((call) => ({ ...ROOT, retryAfterMs: 0, ...call })) as unknown as ObservedCall[]
  const observation = {
    plan: node === undefined ? undefined : planOf(node),
    records: all,
    calls: made,
    visits: visitsOf(all, made),
    scenario: { spec: {} },
    callers: [],
    idle: [],
    crashed: false,
    globalsKept: [],
    departure: null,
    end: { kind: 'settled' },
    ...rest,
  }
  return oracle.check(observation as unknown as Observation)
}

export const token = { kind: 'token' }
export const outcome = (as = 'completed') => ({ kind: 'outcome', outcome: as })

export const attempt = (path: string, number: number, more: object = {}) => ({
  kind: 'attempt',
  path,
  attempt: number,
  startedAtMs: 0,
  latencyMs: 0,
  usage: { costUsd: 0, tokens: 0 },
  ...more,
})

const fail = (): never => {
  throw new Error('no')
}
/** A step with a retry, and a pipeline as its fallback. */
export const chain = step('a', fail, { retries: 1, backoff: { baseMs: 10, factor: 2 } }).fallback(
  pipeline(
    'p',
    step('b', () => 1),
    step('c', () => 2),
  ),
)
export const ended = (path: string, status: string, attempts = 1) => ({
  kind: 'step',
  node: 'step',
  path,
  status,
  attempts,
})
export const call = (path: string, input: unknown, settled = 'threw') => ({ path, input, settled })
