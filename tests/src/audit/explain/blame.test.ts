import { expect, test } from 'vitest'
import { attempt, outcome, runFinished, runStarted, step, token } from '../sample-records.ts'
import { explain, failedStep, failing, fallbackRun } from './explained.ts'

test('a fallback that fails blames both of its sides', () => {
  const { tokens } = explain(
    fallbackRun(false, [outcome('r1', { outcome: 'failed' }), runFinished('r1', { status: 'failed' })]),
  )
  expect(tokens[0]?.fate).toMatchObject({
    kind: 'stopped',
    because: [{ path: 'article/draft/draft' }, { path: 'article/draft/backup' }],
  })
})

test('a step that its fallback made up for is not to blame for what failed later', () => {
  const later = { path: 'article/merge', step: 'merge' }
  const { tokens } = explain(
    fallbackRun(true, [
      attempt('r1', { ...later, ...failing }),
      step('r1', { ...later, ...failedStep }),
      outcome('r1', { outcome: 'failed' }),
    ]),
  )
  expect(tokens[0]?.fate).toMatchObject({ kind: 'stopped', because: [{ path: 'article/merge' }] })
})

test('a fallback in a loop makes up for its own iteration alone', () => {
  const inner = { path: 'article/loop/draft/draft', step: 'draft' }
  const outer = { path: 'article/loop/draft', step: 'draft', node: 'fallback' }
  const { tokens, because } = explain([
    runStarted('r1'),
    token('r1'),
    step('r1', { ...inner, ...failedStep }),
    step('r1', { ...outer }),
    step('r1', { ...inner, ...failedStep, visit: 2 }),
    step('r1', { ...outer, ...failedStep, visit: 2 }),
    step('r1', { path: 'article/loop', step: 'loop', node: 'loop', ...failedStep }),
    outcome('r1', { outcome: 'failed' }),
  ])
  expect(because).toMatchObject([{ path: inner.path, visit: 2 }])
  expect(tokens[0]?.fate).toMatchObject({ because })
})

test('a branch that its node did without is no reason for the run, but for its own token', () => {
  const branch = { tokenId: 't2', path: 'article/reviews/tone', step: 'tone' }
  const { tokens, because } = explain([
    runStarted('r1'),
    token('r1'),
    token('r1', 't2', ['t1'], { branch: 'tone' }),
    step('r1', { ...branch, ...failedStep }),
    outcome('r1', { tokenId: 't2', outcome: 'failed', reason: 'connection reset' }),
    step('r1', { path: 'article/reviews', step: 'reviews', node: 'parallel' }),
    step('r1', { path: 'article/merge', step: 'merge', ...failedStep }),
    outcome('r1', { outcome: 'failed' }),
  ])
  expect(because).toMatchObject([{ path: 'article/merge' }])
  expect(tokens[1]?.fate).toMatchObject({ because: [{ path: branch.path }] })
})

test('of two items that pass one path, a completed one makes up for nothing of the other', () => {
  const around = { path: 'article/draft', step: 'draft', node: 'fallback' }
  const inside = { path: 'article/draft/draft', step: 'draft' }
  const { because } = explain([
    runStarted('r1'),
    token('r1', 't1', [], { item: 'row-1' }),
    token('r1', 't2', [], { item: 'row-2' }),
    step('r1', { ...inside, ...failedStep }),
    step('r1', { ...around, tokenId: 't2' }),
    step('r1', { ...around, ...failedStep }),
  ])
  expect(because).toMatchObject([{ tokenId: 't1', path: inside.path }])
})
