import { randomBytes } from 'node:crypto'
import {
  approval,
  createEngine,
  type EngineOptions,
  loop,
  memoryAudit,
  openSqliteAudit,
  pipeline,
  step,
  systemWorld,
} from 'shakedown'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { temporaryFile } from '../audit/temporary-file.ts'

test('attempts go on counting after a crash, and an interrupted one does not count against the retries', async () => {
  const file = temporaryFile()
  const { clock } = systemWorld()
  let life = 1
  const numbers: number[] = []
  let die: () => void = () => {}
  const node = step(
    'flaky',
    (_: unknown, ctx) => {
      numbers.push(ctx.attempt)
      ctx.meter({ tokens: 10 })
      if (ctx.attempt === 1) throw new Error('first')
      if (life === 1) {
        die()
        return new Promise(() => {})
      }
      if (ctx.attempt === 3) throw new Error('second')
      return 'fine'
    },
    { retries: 2, backoff: { baseMs: 0 } },
  )
  const first = openSqliteAudit(file, { clock })
  const started = new Promise<void>((resolve) => (die = resolve))
  void createEngine({ audit: first }).run(node, undefined, { runId: 'r', durable: true })
  await started
  // Its lease is given back; what it was doing never ends.
  await first.close()
  life = 2
  await using engine = createEngine({ audit: file })
  const result = await engine.run(node, undefined, { runId: 'r', durable: true })
  expect(numbers).toEqual([1, 2, 3, 4])
  expect(result).toMatchObject({ status: 'completed', output: 'fine', attempts: 4, usage: { tokens: 30 } })
  expect(engine.audit!.trail('r')!.attemptRows.map(({ attempt, status }) => `${attempt} ${status}`)).toEqual([
    '1 failed',
    '2 interrupted',
    '3 failed',
    '4 completed',
  ])
})

async function leftUnfinished(options: EngineOptions = {}) {
  const file = temporaryFile()
  const audit = openSqliteAudit(file, { clock: systemWorld().clock })
  const engine = createEngine({ ...options, audit })
  const calls: string[] = []
  const inside = Promise.withResolvers<void>()
  let isFirst = true
  const node = pipeline(
    'p',
    step('one', () => {
      calls.push('one')
      return new Map([['when', new Date(7)]])
    }),
    step('two', (map: Map<string, Date>) => {
      calls.push('two')
      if (!isFirst) return map.get('when')!.getTime()
      isFirst = false
      inside.resolve()
      return new Promise<number>(() => {})
    }),
  )
  void engine.run(node, undefined, { runId: 'r', durable: true })
  await inside.promise
  return { file, audit, node, calls }
}

test('a run is refused while another engine is at work on it, and carried on when that one is gone', async () => {
  const { file, audit, node, calls } = await leftUnfinished()
  await using engine = createEngine({ audit: file, pipelines: [node] })
  const alive = { code: 'E_RUN_ALIVE', message: expect.stringContaining(`process ${process.pid} on`) }
  await expect(engine.run(node, undefined, { runId: 'r', durable: true })).rejects.toMatchObject(alive)
  await expect(engine.recover()).resolves.toMatchObject([{ runId: 'r', pipeline: 'p', kind: 'alive' }])
  await audit.close()
  await expect(engine.recover()).resolves.toMatchObject([
    { runId: 'r', pipeline: 'p', kind: 'carried-on', result: { status: 'completed', output: 7 } },
  ])
  expect(calls).toEqual(['one', 'two', 'two'])
  await expect(engine.recover()).resolves.toEqual([])
})

test('a run without checkpoints is said to be not durable, and is left alone', async () => {
  const store = memoryAudit()
  const inside = Promise.withResolvers<void>()
  const node = step('s', () => {
    inside.resolve()
    return new Promise(() => {})
  })
  void createEngine({ audit: store }).run(node, undefined, { runId: 'r' })
  await inside.promise
  const other = createEngine({ audit: store, pipelines: [node] })
  await expect(other.recover()).resolves.toEqual([{ runId: 'r', pipeline: 's', kind: 'not-durable' }])
})

test('a pipeline that is not known, or has another shape, is refused, and nothing is changed', async () => {
  const { file, audit, node } = await leftUnfinished()
  await audit.close()
  await using stranger = createEngine({
    audit: file,
    pipelines: [
      pipeline(
        'q',
        step('x', () => 1),
      ),
    ],
  })
  await expect(stranger.recover()).resolves.toMatchObject([
    { kind: 'failed', error: { code: 'E_CONFIG', message: expect.stringContaining("to have 'p'") } },
  ])
  const changed = pipeline(
    'p',
    step('one', () => 1),
    step('three', () => 3),
  )
  await using other = createEngine({ audit: file, pipelines: [changed] })
  await expect(other.recover()).resolves.toMatchObject([
    {
      kind: 'failed',
      error: { message: expect.stringContaining('there it had step p/two, now it has step p/three') },
    },
  ])
  await using right = createEngine({ audit: file, pipelines: [node] })
  await expect(right.recover()).resolves.toMatchObject([{ kind: 'carried-on' }])
  expect(() => createEngine({ audit: right.audit as never, pipelines: [node, pipeline('p', node)] })).toThrow(
    "two named 'p'",
  )
})

test('checkpoints are hidden by a key, and another key changes nothing', async () => {
  const checkpointKey = randomBytes(32)
  const { file, audit, node } = await leftUnfinished({ checkpointKey })
  const bytes = Buffer.concat(audit.durable!.checkpoints('r').map(({ data }) => data))
  expect(bytes.toString('latin1')).not.toContain('when')
  await audit.close()
  await using wrong = createEngine({ audit: file, pipelines: [node], checkpointKey: randomBytes(32) })
  await expect(wrong.recover()).resolves.toMatchObject([
    { kind: 'failed', error: { message: expect.stringContaining('got another one') } },
  ])
  await using none = createEngine({ audit: file, pipelines: [node] })
  await expect(none.recover()).resolves.toMatchObject([{ kind: 'failed' }])
  await using right = createEngine({
    audit: file,
    pipelines: [node],
    checkpointKey: checkpointKey.toString('hex'),
    keepCheckpoints: true,
  })
  await expect(right.recover()).resolves.toMatchObject([{ kind: 'carried-on', result: { output: 7 } }])
  expect(right.audit!.trail('r')?.status).toBe('completed')
  expect(() => createEngine({ checkpointKey: 'my secret' })).toThrow(/32 bytes.*got something else/)
})

test('an approval in a loop is asked for in each iteration', async () => {
  const store = memoryAudit()
  let bodies = 0
  const node = loop(
    'rounds',
    pipeline(
      'body',
      step('ask for more', (n: number) => {
        bodies++
        return n
      }),
      approval('more', { message: (n: number) => `After ${n}?`, schema: z.number() }),
    ),
    { until: (n: number) => n >= 3, maxIterations: 5 },
  )
  let result = await createEngine({ audit: store }).run(node, 0, { runId: 'r' })
  for (const answer of [1, 2, 3]) {
    expect(result.status).toBe('paused')
    const other = createEngine({ audit: store, pipelines: [node] })
    result = (await other.resume('r', answer)) as typeof result
  }
  expect(result).toMatchObject({ status: 'completed', output: 3 })
  expect(bodies).toBe(3)
  expect(
    store
      .trail('r')!
      .eventRows.filter(({ event }) => event === 'paused')
      .map(({ visit }) => visit),
  ).toEqual([1, 2, 3])
})
