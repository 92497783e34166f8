import { createEngine, type Hooks, pipeline, type PipelineNode, step, withHooks } from 'shakedown'
import { expect, test } from 'vitest'

const add = (name: string) => step(name, (n: number) => n + 1)

test('hooks of a pipeline are called for what is in it, inside those of the engine, and its preRun and postRun where it is what runs', async () => {
  const calls: string[] = []
  const told = (who: string): Hooks => ({
    preRun: () => calls.push(`${who} preRun`),
    preStep: ({ step: name }) => calls.push(`${who} preStep ${name}`),
    postRun: () => calls.push(`${who} postRun`),
  })
  const inner = withHooks(pipeline('inner', add('b')), told('inner'))
  const outer = withHooks(withHooks(pipeline('outer', add('a'), inner), told('first')), told('second'))
  await createEngine({ hooks: told('engine') }).run(outer, 0)
  expect(calls).toEqual([
    'engine preRun',
    'first preRun',
    'second preRun',
    'engine preStep a',
    'first preStep a',
    'second preStep a',
    'engine preStep b',
    'first preStep b',
    'second preStep b',
    'inner preStep b',
    'engine postRun',
    'first postRun',
    'second postRun',
  ])
  calls.length = 0
  await createEngine().run(inner, 0)
  expect(calls).toEqual(['inner preRun', 'inner preStep b', 'inner postRun'])
})

test('a pipeline without hooks is left as it was', async () => {
  const plain = pipeline('p', add('a'))
  const calls: string[] = []
  withHooks(plain, { preStep: () => calls.push('called') })
  await createEngine().run(plain, 0)
  expect(calls).toEqual([])
})

test('withHooks is for pipelines', () => {
  expect(() => withHooks(add('a') as unknown as PipelineNode<number, number>, {})).toThrow(
    "Expected withHooks to be given a pipeline, got step 'a'.",
  )
  expect(() => withHooks(pipeline('p', add('a')), { onFail: () => 1 } as Hooks)).toThrow(
    'Unknown option `onFail` of withHooks of pipeline',
  )
})
