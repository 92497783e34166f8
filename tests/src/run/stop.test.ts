import {
  ConfigurationError,
  ControlSignal,
  createEngine,
  memoryAudit,
  parallel,
  pipeline,
  step,
} from 'shakedown'
import { expect, test } from 'vitest'
import type { AuditStore } from '../../../src/audit/store.ts'

/** What the promise rejects with; `undefined` when it does not. */
async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
    return undefined
  } catch (thrown) {
    return thrown
  }
}

const noModel = (message = 'no such model') =>
  step('ask', (_: unknown, { meter }): string => {
    meter({ tokens: 7 })
    throw new ConfigurationError(message)
  })

test('a configuration error in the middle of a run is thrown with the partial result, and every node it ended is on record', async () => {
  const audit = memoryAudit()
  let later = 0
  const node = pipeline(
    'p',
    step('first', (_: unknown, { meter }) => meter({ tokens: 5 })),
    noModel().fallback(step('backup', () => String(later++))),
    step('last', () => later++),
  )
  const thrown = await rejection(createEngine({ audit }).run(node, undefined, { runId: 'r' }))
  expect(thrown).toBeInstanceOf(ConfigurationError)
  expect(later).toBe(0)
  expect((thrown as ConfigurationError).result).toMatchObject({
    runId: 'r',
    name: 'p',
    status: 'failed',
    feedback: 'no such model',
    error: { code: 'E_CONFIG' },
    usage: { tokens: 12 },
    history: [
      { name: 'first', status: 'completed' },
      { name: 'ask', status: 'failed', children: { primary: { attempts: 1 } } },
    ],
  })
  const trail = audit.trail('r')
  expect(trail).toMatchObject({
    status: 'failed',
    attempts: 2,
    usage: { tokens: 12 },
    feedback: 'no such model',
  })
  expect(trail?.stepRows.map(({ path, status }) => [path, status])).toEqual([
    ['p/first', 'completed'],
    ['p/ask/ask', 'failed'],
    ['p/ask', 'failed'],
    ['p', 'failed'],
  ])
  expect(trail?.attemptRows.map(({ status }) => status)).toEqual(['completed', 'failed'])
  expect(audit.conservation().ok).toBe(true)
})

test('a configuration error is not retried', async () => {
  let calls = 0
  const node = step(
    'ask',
    () => {
      calls++
      throw new ConfigurationError('no such model')
    },
    { retries: 3, backoff: { baseMs: 0 } },
  )
  await expect(createEngine().run(node, undefined)).rejects.toMatchObject({ result: { attempts: 1 } })
  expect(calls).toBe(1)
})

test('a signal that two runs throw carries to each caller the result of its own run', async () => {
  const shared = Object.freeze(new ConfigurationError('no such model'))
  const once = new ConfigurationError('no such model either')
  const throwing = (error: ConfigurationError) =>
    step('ask', (): string => {
      throw error
    })
  const engine = createEngine()
  for (const error of [shared, once]) {
    const first = (await rejection(
      engine.run(throwing(error), undefined, { runId: 'r1' }),
    )) as ConfigurationError
    const second = (await rejection(
      engine.run(throwing(error), undefined, { runId: 'r2' }),
    )) as ConfigurationError
    expect([first.result?.runId, second.result?.runId]).toEqual(['r1', 'r2'])
    for (const thrown of [first, second]) {
      expect(thrown).toBeInstanceOf(ConfigurationError)
      expect(thrown).toMatchObject({ message: error.message, code: 'E_CONFIG', stack: error.stack })
      // A logger that prints what an error carries would print the whole run.
      expect(Object.keys(thrown)).not.toContain('result')
      expect(Object.keys(thrown)).not.toContain('stack')
    }
  }
})

test('a stop in one branch cancels its siblings, waits for them and surfaces with every branch’s result', async () => {
  const engine = createEngine()
  let settled = false
  const deaf = step('deaf', async () => {
    await new Promise((resolve) => setImmediate(resolve))
    settled = true
  })
  const node = pipeline('p', parallel('both', { ask: noModel(), deaf }))
  await expect(engine.run(node, 1)).rejects.toMatchObject({
    code: 'E_CONFIG',
    result: {
      children: { both: { children: { ask: { status: 'failed' }, deaf: { status: 'cancelled' } } } },
    },
  })
  expect(settled).toBe(true)
})

test('a trail that takes no more records ends the run with an AuditError and the partial result', async () => {
  const memory = memoryAudit()
  let left = 4
  const store: AuditStore = {
    append: (record) => {
      left--
      if (left < 0) throw new TypeError('the store is full')
      memory.append(record)
    },
    committed: () => undefined,
    close: () => memory.close(),
    runs: (filter) => memory.runs(filter),
    trail: (runId) => memory.trail(runId),
    isJoined: (...about) => memory.isJoined(...about),
    conservation: () => memory.conservation(),
  }
  let calls = 0
  const each = (name: string) => step(name, () => calls++)
  const node = pipeline('p', each('a'), each('b'), each('c'))
  const thrown = await rejection(createEngine({ audit: store }).run(node, undefined, { runId: 'r' }))
  expect(thrown).toMatchObject({
    name: 'AuditError',
    code: 'E_AUDIT_STORE',
    message: 'Expected the audit store to take the records of run r, it threw: the store is full',
    result: {
      status: 'failed',
      history: [
        { name: 'a', status: 'completed' },
        { name: 'b', status: 'completed' },
        { name: 'c', status: 'failed', attempts: 0 },
      ],
    },
  })
  expect(calls).toBe(2)
})

test('a pause is a paused result, is not retried, starts no fallback, and leaves its token without an outcome', async () => {
  const audit = memoryAudit()
  let calls = 0
  const ask = step(
    'ask',
    (): string => {
      calls++
      throw new ControlSignal('pause', 'E_PAUSED', 'waits for an editor')
    },
    { retries: 3, backoff: { baseMs: 0 } },
  ).fallback(step('backup', () => 'backup'))
  const result = await createEngine({ audit }).run(pipeline('p', ask), undefined, { runId: 'r' })
  expect(calls).toBe(1)
  expect(result).toMatchObject({
    status: 'paused',
    success: false,
    feedback: 'waits for an editor',
    error: { code: 'E_PAUSED' },
    history: [{ name: 'ask', status: 'paused', attempts: 1 }],
  })
  const trail = audit.trail('r')
  expect(trail?.status).toBe('paused')
  expect(trail?.stepRows.map(({ status }) => status)).toEqual(['paused', 'paused', 'paused'])
  expect(trail?.attemptRows.map(({ status }) => status)).toEqual(['interrupted'])
  expect(trail?.outcomeRows).toEqual([])
  expect(audit.conservation().ok).toBe(true)
})

test('a control signal of a kind that this version does not know is thrown with the partial result', async () => {
  const newer = new ControlSignal('toString' as 'abort', 'E_NEWER', 'of a newer copy of the package')
  const node = step('ask', (): string => {
    throw newer
  })
  await expect(createEngine().run(node, undefined)).rejects.toMatchObject({
    code: 'E_NEWER',
    result: { status: 'failed' },
  })
})
