import { expect, test } from 'vitest'
import { originalInput } from '../../../harness/oracles/original-input.ts'
import { attempt, call, chain, ended, judge } from './evidence.ts'

const judged = (records: object[], calls: object[]) => judge(originalInput, { node: chain, records, calls })

test('original-input: the end of a part is not the end of the whole, so what follows is still compared', () => {
  const records = [attempt('a/a', 1), ended('a/a', 'failed'), attempt('a/p/b', 1)]
  expect(judged(records, [call('a/a', 1), call('a/p/b', 2)])).toMatchObject([{ expected: 1, actual: 2 }])
  const over = [attempt('a/a', 1), ended('a', 'failed'), attempt('a/p/b', 1)]
  expect(judged(over, [call('a/a', 1), call('a/p/b', 2)])).toEqual([])
})

test('original-input: an attempt that called nothing got nothing that could be compared', () => {
  const records = [attempt('a/a', 1), attempt('a/p/b', 1), attempt('a/p/c', 1)]
  expect(judged(records, [call('a/a', 1)])).toEqual([])
  // The second step of the fallback gets the output of the first, whatever was seen of that one.
  expect(judged(records, [call('a/a', 1), call('a/p/c', 2)])).toEqual([])
  // A loop may go round in the primary; what it calls last is not what the whole was given.
  const round = [{ ...attempt('a/a', 1), visit: 2 }, ...records]
  expect(judged(round, [{ ...call('a/a', 1), visit: 2 }, call('a/p/b', 1)])).toEqual([])
})

test('original-input: what goes round in a primary or a fallback is compared in its first round only', () => {
  const again = (record: object) => ({ ...record, visit: 2 })
  const records = [
    attempt('a/a', 1),
    again(attempt('a/a', 1)),
    attempt('a/p/b', 1),
    again(attempt('a/p/b', 1)),
  ]
  const rounds = (fallback: number) => [
    call('a/a', 1),
    again(call('a/a', 2)),
    call('a/p/b', fallback),
    again(call('a/p/b', 3)),
  ]
  expect(judged(records, rounds(1))).toEqual([])
  expect(judged(records, rounds(2))).toMatchObject([{ expected: 1, actual: 2 }])
})
