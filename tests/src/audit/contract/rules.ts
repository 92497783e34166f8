import { expect, test } from 'vitest'
import type { AuditRecord, Outcome } from '../../../../src/audit/records.ts'
import { attempt, join, late, outcome, runFinished, runStarted, token, wholeRun } from '../sample-records.ts'
import { type Open, record, refusal } from './store.ts'

export function rules(open: Open): void {
  test('a second outcome of a token is refused, whatever the two are', async () => {
    const outcomes: Outcome[] = ['completed', 'forked', 'coalesced', 'failed', 'quarantined', 'cancelled']
    const store = open()
    for (const first of outcomes)
      for (const second of outcomes) {
        const runId = `${first}-${second}`
        await record(store, [runStarted(runId), token(runId), outcome(runId, { outcome: first })])
        const error = await refusal(store, [outcome(runId, { outcome: second })])
        expect(error.code).toBe('E_AUDIT_REFUSED')
        expect(error.message).toBe(
          `Expected token 't1' of run '${runId}' to keep its one outcome '${first}', got a second one, '${second}'.`,
        )
        expect(store.trail(runId)?.outcomeRows).toMatchObject([{ outcome: first }])
      }
  })

  test('two outcomes appended at once are refused in the same words', async () => {
    const error = await refusal(open(), [
      runStarted('r1'),
      token('r1'),
      outcome('r1', { outcome: 'failed' }),
      outcome('r1', { outcome: 'completed' }),
    ])
    expect(error.message).toContain("one outcome 'failed', got a second one, 'completed'")
  })

  test('one outcome each is accepted: of another token, and of the same token of another run', async () => {
    const store = open()
    await record(store, [
      runStarted('r1'),
      token('r1'),
      token('r1', 't2', ['t1']),
      outcome('r1', { outcome: 'forked' }),
      outcome('r1', { tokenId: 't2' }),
      runStarted('r2'),
      token('r2'),
      outcome('r2'),
    ])
    expect(store.conservation()).toMatchObject({ tokens: 3, outcomes: 3, ok: true })
  })

  const started = [runStarted('r1'), token('r1')]
  const contradictions: [string, AuditRecord[], AuditRecord, string][] = [
    ['a run that starts twice', started, runStarted('r1'), "run ids to be unique, got a second run 'r1'"],
    [
      'a join resolved twice',
      [...started, join('r1')],
      join('r1', { status: 'failed' }),
      "join 'g1' of run 'r1' to be resolved once",
    ],
    ['a token created twice', started, token('r1'), "token 't1' of run 'r1' to be created once"],
    [
      'an outcome of a token that was never created',
      started,
      outcome('r1', { tokenId: 't9' }),
      "token 't9' of run 'r1' to exist before its outcome 'completed'",
    ],
    ['a record of an unknown run', [], attempt('r1'), "run 'r1' to be started before its 'attempt' record"],
    [
      'a second end of a run',
      [...started, outcome('r1'), runFinished('r1')],
      runFinished('r1', { status: 'failed' }),
      "run 'r1' to finish once, got a second end, 'failed'",
    ],
  ]
  test.for(contradictions)('%s is refused', async ([, before, contradiction, words]) => {
    const store = open()
    await record(store, before)
    const trail = store.trail('r1')
    const error = await refusal(store, [contradiction])
    expect(error.code).toBe(contradiction.kind === 'run-started' ? 'E_AUDIT_RUN_ID_TAKEN' : 'E_AUDIT_REFUSED')
    expect(error.message).toContain(words)
    expect(store.trail('r1')).toEqual(trail)
  })

  test('a refused run accepts no more, every other run goes on', async () => {
    const store = open()
    await record(store, [...started, outcome('r1'), ...wholeRun('r2').slice(0, 4)])
    const error = await refusal(store, [outcome('r1')])
    expect(() => store.append(late('r1'))).toThrow(error)
    await record(store, wholeRun('r2').slice(4))
    await record(store, wholeRun('r3'))
    expect(store.runs().map(({ runId, status }) => `${runId} ${status}`)).toEqual([
      'r3 completed',
      'r2 completed',
      'r1 running',
    ])
  })
}
