import { ConfigurationError, createEngine, isNode, memoryAudit, pipeline, step } from 'shakedown'
import { expect, test } from 'vitest'
import { runInSim } from '../../support/in-sim.ts'

const a = step('a', () => 1)

test('every kind of node is a node; nothing else is, whatever it looks like', () => {
  for (const node of [a, a.fallback(step('b', () => 2)), pipeline('p', a)]) {
    expect(isNode(node)).toBe(true)
    // By this mark another copy of the package tells what ours made from anything else.
    expect(node.shakedownNode).toBe(true)
  }
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

test('the message about a refused name says why it is refused', () => {
  expect(() => step('__proto__', () => 1)).toThrow(/other than '__proto__', got "__proto__"/)
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

test('usage that adds up to no number over steps, or over attempts, is refused to the step that does it', async () => {
  for (const field of ['costUsd', 'tokens']) {
    const spend = (name: string) => step(name, (_: unknown, { meter }) => meter({ [field]: 1e308 }))
    const { result } = await runInSim(pipeline('p', spend('a'), spend('b')), undefined)
    expect(result).toMatchObject({ status: 'failed', usage: { [field]: 1e308 } })
    expect(result.totals.usage).toMatchObject({ [field]: 1e308 })
    expect(result.feedback).toContain(`\`${field}\` metered by step 'b'`)
    const again = step(
      'again',
      (_: unknown, { meter }) => {
        meter({ [field]: 1e308 })
        throw new Error('no')
      },
      { retries: 3 },
    )
    expect((await runInSim(again, undefined)).result).toMatchObject({
      attempts: 2,
      usage: { [field]: 1e308 },
    })
  }
})

test('retryIf is given what was thrown', async () => {
  const thrown: unknown[] = []
  const error = new Error('no')
  const fail = (): never => {
    throw error
  }
  const asked = step('asked', fail, { retries: 2, retryIf: (it) => thrown.push(it) < 2 })
  expect((await runInSim(asked, undefined)).result.attempts).toBe(2)
  expect(thrown).toEqual([error, error])
})

test('a retryIf that throws allows no further attempt, and the step fails with its own error', async () => {
  const fail = (): never => {
    throw Object.assign(new Error('declined'), { retryable: false })
  }
  const retryIf = (thrown: unknown) => (thrown as { response: { status: number } }).response.status >= 500
  const { result } = await runInSim(step('pay', fail, { retries: 3, retryIf }), undefined)
  expect(result).toMatchObject({ status: 'failed', attempts: 1, feedback: 'declined' })
})

test('a configuration error that retryIf throws ends the run, as one of a validator does', async () => {
  const fail = (): never => {
    throw new Error('declined')
  }
  const retryIf = () => {
    throw new ConfigurationError('no policy for payments')
  }
  const pay = step('pay', fail, { retries: 3, retryIf }).fallback(step('backup', () => 1))
  const audit = memoryAudit()
  const run = createEngine({ audit }).run(pay, undefined, { runId: 'r' })
  await expect(run).rejects.toMatchObject({
    name: 'ConfigurationError',
    message: 'no policy for payments',
    result: { status: 'failed', attempts: 1 },
  })
  expect(audit.trail('r')?.attemptRows.map(({ status, error }) => [status, error?.json])).toEqual([
    ['failed', expect.stringContaining('declined')],
  ])
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
