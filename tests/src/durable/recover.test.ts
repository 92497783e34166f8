import { randomBytes } from 'node:crypto'
import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  approval,
  createEngine,
  type EngineOptions,
  loop,
  memoryAudit,
  openSqliteAudit,
  parallel,
  pipeline,
  type RunResult,
  type RunTrail,
  step,
  type StepContext,
  systemWorld,
} from 'shakedown'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { temporaryDirectory, temporaryFile } from '../audit/temporary-file.ts'

/** A store in a file, and copies of the file as it is after each commit: what a kill at that moment leaves. */
function photographed() {
  const folder = temporaryDirectory()
  const file = join(folder, 'runs.db')
  const copies: string[] = []
  const { clock } = systemWorld()
  const afterTurn = (callback: () => void): void =>
    clock.afterTurn(() => {
      callback()
      const copy = join(folder, `${copies.length}.db`)
      copies.push(copy)
      for (const end of ['', '-wal']) if (existsSync(file + end)) copyFileSync(file + end, copy + end)
    })
  return { copies, audit: openSqliteAudit(file, { clock: { ...clock, afterTurn } }) }
}

/** A pipeline of everything, whose calls are counted by what they did. */
function busy() {
  const calls = new Map<string, number>()
  const note = ({ path }: StepContext): void => void calls.set(path, (calls.get(path) ?? 0) + 1)
  const work = (name: string) =>
    step(name, (n: number, ctx) => {
      note(ctx)
      ctx.meter({ costUsd: 1, tokens: 1 })
      ctx.context.append('seen', name)
      return n + 1
    })
  const failing = step('failing', (_: number, ctx): number => {
    ctx.meter({ costUsd: 1 })
    note(ctx)
    throw new Error('never')
  })
  const node = pipeline(
    'busy',
    work('one'),
    failing.fallback(work('backup')),
    parallel('both', {
      a: pipeline('a', work('a1'), work('a2')),
      b: loop('rounds', work('round'), { until: (n) => n >= 6, maxIterations: 9 }),
    }),
    step('sum', ({ a, b }: { a: number; b: number }) => a * 100 + b),
    work('end'),
  )
  return { calls, node }
}

/** What two lives have to come to, as one does; not when. */
function shape({ output, status, context, totals }: RunResult) {
  return { output, status, context, usage: totals.usage, steps: totals.steps }
}

/** What a trail says, without times and without what a crash adds. */
function told({ tokenRows, outcomeRows, joinRows, stepRows, eventRows, attemptRows }: RunTrail) {
  return {
    tokens: tokenRows.map(({ tokenId, branch, parentIds }) => [tokenId, branch, parentIds]),
    outcomes: outcomeRows.map(({ tokenId, outcome }) => `${tokenId} ${outcome}`).toSorted(),
    joins: joinRows.map(({ joinGroup, status, output }) => [joinGroup, status, output]),
    steps: stepRows
      .map(({ path, visit, tokenId, usage }) => `${tokenId} ${path} ${visit} ${usage.costUsd}`)
      .toSorted(),
    events: eventRows.map(({ event, path, visit }) => `${event} ${path} ${visit}`).toSorted(),
    attempts: attemptRows
      .filter(({ status }) => status !== 'interrupted')
      .map(({ path, visit, status }) => `${path} ${visit} ${status}`)
      .toSorted(),
  }
}

const keyOf = ({ path, visit, attempt }: { path: string; visit: number; attempt: number }): string =>
  `${path} ${visit} ${attempt}`

/** Attempts that were not interrupted, by path. */
function endedAttempts({ attemptRows }: RunTrail): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { path, status } of attemptRows)
    if (status !== 'interrupted' && !path.endsWith('/sum')) counts.set(path, (counts.get(path) ?? 0) + 1)
  return counts
}

test('killed after any of its commits, a durable run comes to what it comes to in one life', async () => {
  const { copies, audit } = photographed()
  const { node } = busy()
  const whole = await createEngine({ audit }).run(node, 0, { runId: 'r', durable: true })
  expect(whole).toMatchObject({ status: 'completed', output: 407, attempts: 11 })
  const wholeTrail = audit.trail('r')!
  await audit.close()
  // The last one has the end of the run.
  expect(copies.length).toBeGreaterThan(8)
  let interrupted = 0
  for (const [at, copy] of copies.slice(0, -1).entries()) {
    const again = busy()
    await using engine = createEngine({ audit: copy, pipelines: [again.node] })
    const before = engine.audit!.trail('r')!
    const [recovery] = await engine.recover()
    expect({ at, recovery }).toMatchObject({ at, recovery: { kind: 'carried-on' } })
    if (recovery?.kind !== 'carried-on') continue
    const trail = engine.audit!.trail('r')!
    expect({ at, ...shape(recovery.result) }).toEqual({ at, ...shape(whole) })
    expect({ at, ...told(trail) }).toEqual({ at, ...told(wholeTrail) })
    expect(trail.startRows.map(keyOf).toSorted()).toEqual(trail.attemptRows.map(keyOf).toSorted())
    expect(trail.attempts).toBe(trail.attemptRows.length)
    // Called in the second life is what was not done in the first.
    for (const [path, ended] of endedAttempts(trail))
      expect({ at, path, calls: again.calls.get(path) ?? 0 }).toEqual({
        at,
        path,
        calls: ended - (endedAttempts(before).get(path) ?? 0),
      })
    expect(engine.audit!.conservation()).toMatchObject({ ok: true, open: [] })
    interrupted += trail.attemptRows.filter(({ status }) => status === 'interrupted').length
  }
  expect(interrupted).toBeGreaterThan(0)
})

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

class Money {
  readonly #cents = 5
  get cents(): number {
    return this.#cents
  }
}

test.for([
  ['a function', () => ({ list: [1, { f: () => 1 }] }), "the output of step 's'", 'a function at .list[1].f'],
  [
    'an instance of a class',
    () => ({ price: new Money() }),
    "the output of step 's'",
    'class Money at .price',
  ],
  ['a symbol', () => new Map([['k', Symbol('x')]]), "the output of step 's'", 'a symbol at .get("k")'],
  ['a socket', () => new AbortController(), "the output of step 's'", 'class AbortController'],
] as const)('%s cannot be kept, so the attempt fails and is not made again', async ([, make, what, got]) => {
  let calls = 0
  const node = step(
    's',
    (): unknown => {
      calls++
      return make()
    },
    { retries: 3 },
  )
  const engine = createEngine({ audit: memoryAudit() })
  const result = await engine.run(node, undefined, { durable: true })
  expect(result).toMatchObject({ status: 'failed', error: { code: 'E_CHECKPOINT' }, attempts: 1 })
  expect(result.feedback).toContain(what)
  expect(result.feedback).toContain(got)
  expect(calls).toBe(1)
  await expect(engine.run(node, undefined)).resolves.toMatchObject({ status: 'completed' })
})

test('what is put into the context has to be kept, too, and the input', async () => {
  const node = step('s', (_: unknown, ctx) => {
    ctx.context.set('price', { of: new Money() })
    return 1
  })
  const engine = createEngine({ audit: memoryAudit() })
  await expect(engine.run(node, undefined, { durable: true })).resolves.toMatchObject({
    status: 'failed',
    context: {},
    feedback: expect.stringContaining("context key 'price' of step 's'"),
  })
  await expect(engine.run(node, new Money(), { durable: true })).rejects.toMatchObject({
    code: 'E_CHECKPOINT',
  })
  expect(engine.audit!.runs()).toHaveLength(1)
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
