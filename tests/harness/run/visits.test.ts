import { expect, test } from 'vitest'
import { attemptsAddUp } from '../../../harness/oracles/attempts-add-up.ts'
import { originalInput } from '../../../harness/oracles/original-input.ts'
import { visitsOf } from '../../../harness/run/visits.ts'
import type { Observation, ObservedCall } from '../../../harness/scenario/observation.ts'
import type { AttemptRecord, AuditRecord, StepRecord } from '../../../src/index.ts'

interface Whose {
  readonly path: string
  readonly tokenId: string
  readonly visit: number
}

const attempt = (whose: Whose, number: number): AuditRecord =>
  ({ kind: 'attempt', ...whose, attempt: number }) as AttemptRecord
const end = (whose: Whose, attempts: number): AuditRecord =>
  ({ kind: 'step', node: 'step', ...whose, attempts }) as StepRecord
const call = (whose: Whose, input: unknown): ObservedCall => ({ ...whose, input }) as ObservedCall

const first = { path: 'refine/draft', tokenId: 'token-1', visit: 1 }
const again = { ...first, visit: 2 }
const elsewhere = { ...first, tokenId: 'token-2' }

test('a path that a loop repeats, or another token takes, is another visit', () => {
  const records = [
    attempt(first, 1),
    attempt(first, 2),
    attempt(elsewhere, 1),
    end(first, 2),
    attempt(again, 1),
    end(elsewhere, 1),
    end(again, 1),
  ]
  const calls = [call(first, 'a'), call(first, 'a'), call(elsewhere, 'b'), call(again, 'c')]
  const visits = visitsOf(records, calls)
  expect(
    visits.map(({ tokenId, visit, attempts, calls: made, end: ended }) => [
      tokenId,
      visit,
      attempts.length,
      made.length,
      ended,
    ]),
  ).toEqual([
    ['token-1', 1, 2, 2, records[3]],
    ['token-2', 1, 1, 1, records[5]],
    ['token-1', 2, 1, 1, records[6]],
  ])
})

test('calls of ports belong to no step', () => {
  const port = { path: undefined, tokenId: undefined, visit: undefined } as ObservedCall
  expect(visitsOf([], [port])).toEqual([])
})

test('oracles judge each visit by itself: a second round is no retry, and its attempts count anew', () => {
  const judged = (records: readonly AuditRecord[], calls: readonly ObservedCall[]): string[] => {
    const observation = { visits: visitsOf(records, calls) } as unknown as Observation
    return [attemptsAddUp, originalInput].flatMap((oracle) =>
      oracle.check(observation).map(({ oracle: name }) => name ?? ''),
    )
  }
  const twoRounds = [attempt(first, 1), end(first, 1), attempt(again, 1), end(again, 1)]
  expect(judged(twoRounds, [call(first, 'draft 1'), call(again, 'draft 2')])).toEqual([])
  const oneRound = [attempt(first, 1), attempt(first, 1), end(first, 2)]
  expect(judged(oneRound, [call(first, 'draft 1'), call(first, 'draft 2')])).toEqual([
    'attempts-add-up',
    'original-input',
  ])
})
