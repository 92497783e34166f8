import {
  type AnyNode,
  createEngine,
  functionAdapter,
  type Log,
  pipeline,
  QuotaExceededError,
  route,
  step,
} from 'shakedown'
import { expect, test } from 'vitest'
import { SimWorld, drive } from 'shakedown/harness'
import { wordsOf } from '../../../src/telemetry/event-words.ts'
import { EVENT_KINDS } from '../../../src/run/kinds.ts'

function noted(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = []
  return {
    log: { info: (line) => lines.push(`info ${line}`), warn: (line) => lines.push(`warn ${line}`) },
    lines,
  }
}

async function logged(node: AnyNode, options: { redact?: readonly string[] } = {}) {
  const { log, lines } = noted()
  const world = new SimWorld()
  const running = createEngine({ world, log, ...options }).run(node, 0 as never, { runId: 'r' })
  await drive(world, running)
  await running
  return lines
}

test('a retry, a fallback and the run are told in the words of the contract, without an audit trail', async () => {
  let calls = 0
  const flaky = step(
    'prefect',
    () => (++calls < 3 ? Promise.reject(new Error('Connection timeout')) : 'ok'),
    {
      retries: 2,
      backoff: { baseMs: 100 },
    },
  )
  expect(await logged(pipeline('p', flaky))).toEqual([
    'info Run r of p started',
    'warn Attempt 1/3 failed on prefect: Connection timeout',
    'warn Attempt 2/3 failed on prefect: Connection timeout',
    'info Step succeeded on prefect (attempt 3/3)',
    'info Run r completed after 300 ms, attempts: 3',
  ])
  const broken = step('draft', () => Promise.reject(new Error('out of ink')))
  expect(await logged(broken.fallback(step('backup', () => 1)))).toEqual([
    'info Run r of draft started',
    'warn Attempt 1/1 failed on draft: out of ink',
    'warn draft failed, backup takes over: out of ink',
    'info Run r completed after 0 ms, attempts: 2',
  ])
  expect(await logged(broken)).toContainEqual('warn Run r failed after 0 ms, attempts: 1: out of ink')
})

test('what comes late and what a quota denies is told', async () => {
  const deaf = step(
    'deaf',
    (_: number, { clock }) =>
      new Promise<number>((resolve) => void clock.after(50, 'deaf', () => resolve(1))),
    {
      timeoutMs: 10,
    },
  )
  const lines = await logged(pipeline('p', deaf.fallback(step('waits', (_: number, ctx) => ctx.sleep(100)))))
  expect(lines).toContainEqual('warn Attempt 1 of deaf returned after it was given up')
  const { log, lines: denied } = noted()
  const dear = step('dear', () => 1, { estimate: { tokens: 11 } })
  await expect(createEngine({ log }).run(dear, 0, { quota: { tokens: 10 } })).rejects.toThrow(
    QuotaExceededError,
  )
  expect(denied).toContainEqual('warn Quota denied attempt 1 of dear: too little is left for its estimate')
})

test('secrets are taken out, those that look like one and those that were named', async () => {
  const leaky = step('leaky', () => Promise.reject(new Error('password=hunter2secret for blue-whale')))
  const lines = await logged(leaky, { redact: ['blue-whale'] })
  expect(lines.join()).not.toMatch(/hunter2secret|blue-whale/)
  expect(lines.join()).toContain('[redacted')
})

test('a log that throws, rejects, or has a getter for a method hurts nobody', async () => {
  const logs: Log[] = [
    {
      info: () => {
        throw new Error('disk full')
      },
      warn: () => {
        throw undefined
      },
    },
    { info: () => Promise.reject(new Error('later')), warn: () => Promise.reject(new Error('later')) },
  ]
  const broken = step('draft', () => Promise.reject(new Error('out of ink'))).fallback(
    step('backup', () => 1),
  )
  for (const log of logs) expect(await createEngine({ log }).run(broken, 0)).toMatchObject({ output: 1 })
})

test.each(EVENT_KINDS)('the event %s can be told, whatever is in its detail', (event) => {
  const record = { kind: 'event', runId: 'r', tokenId: 't1', path: 'p/s', visit: 1, event, atMs: 0 } as const
  const cyclic: Record<string, unknown> = {}
  cyclic['self'] = cyclic
  for (const detail of [{}, { cyclic }, { huge: 'x'.repeat(1e6) }]) {
    const line = wordsOf({ ...record, detail }, () => ({ what: 'Step', most: undefined }))?.line ?? ''
    expect(line.length).toBeLessThan(2_000)
    expect(line).not.toMatch(/\[object Object\]/)
  }
})

test('a task on its way through adapters is told in the words of the contract', async () => {
  const prefect = functionAdapter('prefect', () => Promise.reject(new Error('Connection timeout')))
  const agno = functionAdapter('agno', () => 'done')
  const node = route('ask', {
    adapters: [prefect, agno],
    order: ['prefct', 'prefect', 'agno'],
    breaker: { failuresMax: 3 },
  })
  expect(await logged(node)).toEqual([
    'info Run r of ask started',
    "warn Skipped prefct: no adapter of that name; did you mean 'prefect'?",
    'warn Attempt 1/3 failed on prefect: Connection timeout',
    'warn Attempt 2/3 failed on prefect: Connection timeout',
    'warn Attempt 3/3 failed on prefect: Connection timeout',
    'warn Circuit breaker of prefect: closed → open',
    'warn Falling back from prefect to agno: Connection timeout',
    'info Task succeeded on agno (attempt 1/3)',
    'info Run r completed after 300 ms, attempts: 4',
  ])
})
