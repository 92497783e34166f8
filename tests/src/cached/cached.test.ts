import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { approval, cached, ConfigurationError, createEngine, pipeline, step } from 'shakedown'
import { SimWorld } from 'shakedown/harness'
import { expect, onTestFinished, test } from 'vitest'
import * as z from 'zod'
import { ResultCache } from '../../../src/policy/result-cache.ts'
import { casesOf } from '../../support/nightly.ts'
import { runInSim } from '../../support/in-sim.ts'

/** A step that counts its calls, and what it is given. */
function counted<I, O>(name: string, work: (input: I, call: number) => O) {
  const calls: I[] = []
  const node = step(name, (input: I) => work(input, calls.push(input)))
  return { node, calls }
}

/** An engine in a world of its own, whose clock a test moves. */
function inWorld() {
  let nowMs = 0
  const world = new SimWorld()
  const clock = { ...world.clock, monotonicMs: () => nowMs, wallMs: () => nowMs }
  const engine = createEngine({ world: Object.assign(Object.create(world) as SimWorld, { clock }) })
  return { engine, pass: (ms: number) => void (nowMs += ms) }
}

test('an output is given again for its time, and nothing runs', async () => {
  const { node, calls } = counted('draft', (topic: string, call) => ({ topic, call }))
  const quick = cached(node, { ttlMs: 100 })
  const { engine, pass } = inWorld()
  expect(await engine.run(quick, 'tides')).toMatchObject({
    output: { topic: 'tides', call: 1 },
    attempts: 1,
    metadata: {},
  })
  pass(99)
  const hit = await engine.run(quick, 'tides')
  expect(hit).toMatchObject({
    name: 'draft',
    output: { call: 1 },
    attempts: 0,
    metadata: { cacheHit: true },
    children: {},
  })
  expect(await engine.run(quick, 'moons')).toMatchObject({ output: { call: 2 } })
  pass(1)
  expect(await engine.run(quick, 'tides')).toMatchObject({ output: { call: 3 } })
  expect(calls).toEqual(['tides', 'moons', 'tides'])
})

test('only successes are kept, also one through a fallback', async () => {
  const { node, calls } = counted('draft', (_: number, call): string => {
    if (call !== 2) throw new Error('out of ink')
    return 'drafted'
  })
  const { engine } = inWorld()
  const alone = cached(node, { ttlMs: 100 })
  expect(await engine.run(alone, 0)).toMatchObject({ status: 'failed' })
  expect(await engine.run(alone, 0)).toMatchObject({ output: 'drafted' })
  expect(await engine.run(alone, 0)).toMatchObject({ metadata: { cacheHit: true } })
  const saved = cached(node.fallback(step('backup', () => 'backed up')), { ttlMs: 100 })
  expect(await engine.run(saved, 0)).toMatchObject({ output: 'backed up', attempts: 2 })
  expect(await engine.run(saved, 0)).toMatchObject({ output: 'backed up', metadata: { cacheHit: true } })
  expect(calls).toHaveLength(3)
})

test('what a validator refuses is never kept', async () => {
  let call = 0
  const node = step('draft', () => ++call, { validate: (n) => n > 1 })
  const quick = cached(node, { ttlMs: 100 })
  const { engine } = inWorld()
  expect(await engine.run(quick, 0)).toMatchObject({ status: 'failed' })
  expect(await engine.run(quick, 0)).toMatchObject({ output: 2, metadata: {} })
})

test('nodes of one name share nothing; one node in two pipelines shares what it keeps', async () => {
  const [a, b] = [counted('same', () => 'a'), counted('same', () => 'b')]
  const [cachedA, cachedB] = [cached(a.node, { ttlMs: 100 }), cached(b.node, { ttlMs: 100 })]
  const { engine } = inWorld()
  expect(await engine.run(pipeline('p', cachedA), 0)).toMatchObject({ output: 'a' })
  expect(await engine.run(pipeline('q', cachedB), 0)).toMatchObject({ output: 'b' })
  expect(await engine.run(pipeline('q', cachedA), 0)).toMatchObject({ output: 'a', attempts: 0 })
})

test('another world finds nothing of it', async () => {
  const { node, calls } = counted('draft', () => 1)
  const quick = cached(node, { ttlMs: 1e6 })
  await runInSim(quick, 0)
  await runInSim(quick, 0)
  expect(calls).toHaveLength(2)
})

test('what is given again is a copy, and the input is its key whatever the order of what is equal', async () => {
  const { node, calls } = counted('draft', (_: unknown) => ({ list: [1] }))
  const quick = cached(node, { ttlMs: 100 })
  const { engine } = inWorld()
  const first = await engine.run(quick, new Map([['a', new Date(0)]]))
  first.output?.list.push(2)
  const second = await engine.run(quick, new Map([['a', new Date(0)]]))
  expect(second.output).toEqual({ list: [1] })
  second.output?.list.push(3)
  expect((await engine.run(quick, new Map([['a', new Date(0)]]))).output).toEqual({ list: [1] })
  expect(calls).toHaveLength(1)
  for (const _ of [1, 2]) await engine.run(quick, { callback: () => 1 })
  expect(calls).toHaveLength(3)
})

test('a key says what inputs have in common; one that throws or is no text fails the node, and a fallback does the work', async () => {
  const { node, calls } = counted('draft', (topic: string) => topic)
  const { engine } = inWorld()
  const folded = cached(node, { ttlMs: 100, key: (topic) => topic.toLowerCase() })
  expect(await engine.run(folded, 'Tides')).toMatchObject({ output: 'Tides' })
  expect(await engine.run(folded, 'TIDES')).toMatchObject({ output: 'Tides' })
  expect(calls).toHaveLength(1)
  const broken = cached(node, {
    ttlMs: 100,
    key: () => {
      throw new Error('no idea')
    },
  })
  expect(await engine.run(broken, 'x')).toMatchObject({
    feedback: "The key of cached 'draft' threw: no idea",
  })
  const keyless = cached(node, { ttlMs: 100, key: () => 5 as never })
  expect(await engine.run(keyless.fallback(step('backup', () => 'saved')), 'x')).toMatchObject({
    output: 'saved',
  })
  const refusing = cached(node, {
    ttlMs: 100,
    key: () => {
      throw new ConfigurationError('no such model')
    },
  })
  await expect(engine.run(refusing, 'x')).rejects.toThrow('no such model')
})

test('runs that miss at the same time each do the work', async () => {
  const { node, calls } = counted('draft', () => Promise.resolve(1))
  const { engine } = inWorld()
  const quick = cached(node, { ttlMs: 100 })
  await Promise.all([engine.run(quick, 0), engine.run(quick, 0)])
  expect(calls).toHaveLength(2)
})

test('a run that is carried on goes the way it went: a hit stays a hit, although the cache has lost it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cached-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const { node, calls } = counted('draft', (_: number, call) => call)
  const quick = cached(node, { ttlMs: 1e6, max: 1 })
  const ask = approval('ask', { message: 'Publish?', schema: z.string() })
  const seen: unknown[] = []
  const article = pipeline(
    'article',
    quick,
    step('see', (n) => void seen.push(n)),
    ask,
  )
  await using engine = createEngine({ audit: join(folder, 'runs.db'), pipelines: [article] })
  await engine.run(quick, 7)
  const paused = await engine.run(article, 7)
  expect(paused).toMatchObject({ status: 'paused', attempts: 1 })
  await engine.run(quick, 8)
  expect(await engine.resume(paused.runId, 'yes')).toMatchObject({
    status: 'completed',
    history: [{ name: 'draft', output: 1, metadata: { cacheHit: true } }, {}, {}],
  })
  expect(calls).toEqual([7, 8])
  expect(seen).toEqual([1])
})

test(
  'whatever is kept and asked for, it never holds more than it may, nor gives what is too old or was pushed out',
  { timeout: 300_000 },
  () => {
    const act = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd'),
      keep: fc.boolean(),
      passMs: fc.nat(30),
    })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.array(act), (max, acts) => {
        const cache = new ResultCache(max)
        /** In the order of use, the last one last. */
        let model: { key: string; output: number; untilMs: number }[] = []
        let nowMs = 0
        for (const [output, { key, keep, passMs }] of acts.entries()) {
          nowMs += passMs
          const known = model.find((entry) => entry.key === key)
          model = model.filter((entry) => entry !== known)
          if (keep) {
            cache.keep(key, output, nowMs + 50)
            model = [...model, { key, output, untilMs: nowMs + 50 }].slice(-max)
            continue
          }
          const fresh = known !== undefined && nowMs < known.untilMs ? known : undefined
          if (fresh !== undefined) model.push(fresh)
          expect(cache.find(key, nowMs)?.output).toBe(fresh?.output)
          expect(cache.size).toBeLessThanOrEqual(max)
        }
      }),
      { numRuns: casesOf(1_000, 100_000) },
    )
  },
)

test('everything wrong with its options is said at once', () => {
  const node = step('draft', () => 1)
  expect(() => cached(node, { ttlMs: 0, max: 0, kye: 1 } as never)).toThrow(ConfigurationError)
  expect(() => cached(node, { ttlMs: 0, max: 0 })).toThrow(
    /`ttlMs` of cached 'draft'[^]*`max` of cached 'draft'/,
  )
  expect(() => cached(node, { ttlMs: 1, kye: 1 } as never)).toThrow('Did you mean `key`?')
  expect(() => cached({ ...node }, { ttlMs: 1 })).toThrow('Expected what cached is given to be a node')
})
