import { isNode, pipeline, step } from 'shakedown'
import { expect, test } from 'vitest'
import { runInSim } from '../../support/in-sim.ts'

const a = step('a', () => 1)

test('every kind of node is a node; nothing else is, whatever it looks like', () => {
  for (const node of [a, a.fallback(step('b', () => 2)), pipeline('p', a)]) expect(isNode(node)).toBe(true)
  for (const other of [
    undefined,
    null,
    5,
    'a',
    true,
    () => 1,
    {},
    [],
    { kind: 'step', name: 'a', run: () => 1 },
  ])
    expect(isNode(other)).toBe(false)
})

test.for(['__proto__', '', ' ', 'x'.repeat(201)])('no node can be called %j', (name) => {
  expect(() => pipeline(name, a)).toThrow('name')
  expect(() => step(name, () => 1)).toThrow('name')
})

test('two nodes of one name in a pipeline are told apart by a number', async () => {
  const { result } = await runInSim(
    pipeline(
      'p',
      step('a', () => 1),
      step('a', (n: number) => n + 1),
    ),
    undefined,
  )
  expect(result.output).toBe(2)
  expect(Object.values(result.children).map(({ name }) => name)).toEqual(['a', 'a'])
  const paths = result.history.map(({ path }) => path)
  expect(new Set(paths).size).toBe(2)
})

test('usage that no longer adds up names what of it', async () => {
  for (const field of ['costUsd', 'tokens']) {
    const spend = step('spend', (_: unknown, { meter }) => {
      meter({ [field]: Number.MAX_VALUE })
      meter({ [field]: Number.MAX_VALUE })
    })
    const { result } = await runInSim(spend, undefined)
    expect(result.feedback).toContain(field)
    expect(result.error).toMatchObject({ name: 'UsageError' })
  }
})

test('retryIf is given what was thrown, and one that throws itself says nothing against another attempt', async () => {
  const thrown: unknown[] = []
  const error = new Error('no')
  const fail = (): never => {
    throw error
  }
  const asked = step('asked', fail, { retries: 2, retryIf: (it) => thrown.push(it) < 2 })
  expect((await runInSim(asked, undefined)).result.attempts).toBe(2)
  expect(thrown).toEqual([error, error])
  const broken = step('broken', fail, {
    retries: 2,
    retryIf: () => {
      throw new Error('the judge is broken')
    },
  })
  expect((await runInSim(broken, undefined)).result.attempts).toBe(3)
})

test.for([{ retryable: true }, { retryable: undefined }, { retryable: 0 }, null, undefined, 'no'])(
  'what is thrown as %o is retried; only retryable: false is not',
  async (thrown) => {
    const fail = (): never => {
      throw thrown
    }
    expect((await runInSim(step('a', fail, { retries: 1 }), undefined)).result.attempts).toBe(2)
  },
)
