import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type Context,
  context,
  type ContextManager,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { createEngine, parallel, pipeline, step } from 'shakedown'
import { drive, SimWorld } from 'shakedown/harness'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isTraced } from '../../../src/telemetry/tracing.ts'

/** What `@opentelemetry/context-async-hooks` does. */
class AsyncContexts implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>()
  active(): Context {
    return this.#storage.getStore() ?? ROOT_CONTEXT
  }
  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    inside: Context,
    fn: F,
    self?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#storage.run(inside, () => fn.call(self, ...args))
  }
  bind<T>(_: Context, target: T): T {
    return target
  }
  enable(): this {
    return this
  }
  disable(): this {
    return this
  }
}

const exporter = new InMemorySpanExporter()
const untraced = isTraced()

beforeEach(() => {
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  )
  context.setGlobalContextManager(new AsyncContexts())
})

afterEach(() => {
  trace.disable()
  context.disable()
  exporter.reset()
})

/** Spans as a tree of names, with what is in them. */
function tree(): readonly string[] {
  const spans = exporter.getFinishedSpans()
  const depthOf = (span: ReadableSpan): number => {
    const parent = spans.find((one) => one.spanContext().spanId === span.parentSpanContext?.spanId)
    return parent === undefined ? 0 : 1 + depthOf(parent)
  }
  return spans
    .toSorted(
      (a, b) => a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1] || depthOf(a) - depthOf(b),
    )
    .map((span) => `${'  '.repeat(depthOf(span))}${span.name}`)
}

const named = (name: string): ReadableSpan => exporter.getFinishedSpans().find((span) => span.name === name)!

test('without a registered SDK nobody is asked', async () => {
  trace.disable()
  expect(untraced).toBe(false)
  expect(isTraced()).toBe(false)
  expect(
    await createEngine().run(
      step('s', () => trace.getActiveSpan() ?? 'none'),
      0,
    ),
  ).toMatchObject({ output: 'none' })
})

test('a run, its steps and their attempts are spans by the world’s clock, with retries and errors in them', async () => {
  const world = new SimWorld()
  let calls = 0
  const flaky = step(
    'flaky',
    async (_: number, ctx) => {
      await ctx.sleep(50)
      ctx.meter({ costUsd: 0.5, tokens: 7 })
      if (++calls === 1) throw new Error('password=hunter2secret')
      return 1
    },
    { retries: 1, backoff: { baseMs: 100 } },
  )
  const running = createEngine({ world }).run(
    pipeline(
      'p',
      flaky,
      step('last', () => 2),
    ),
    0,
    { runId: 'r' },
  )
  await drive(world, running)
  expect(await running).toMatchObject({ output: 2 })
  expect(tree()).toEqual([
    'run p',
    '  step flaky',
    '    attempt flaky',
    '    attempt flaky',
    '  step last',
    '    attempt last',
  ])
  const run = named('run p')
  expect(run.attributes).toEqual({
    'shakedown.run_id': 'r',
    'shakedown.pipeline': 'p',
    'shakedown.status': 'completed',
    'shakedown.cost_usd': 1,
    'shakedown.tokens': 14,
  })
  expect(run.duration).toEqual([0, 200_000_000])
  expect(named('step flaky')).toMatchObject({
    attributes: { 'shakedown.path': 'p/flaky', 'shakedown.tokens': 14 },
    events: [{ name: 'retry', attributes: { 'shakedown.attempt': 2 } }],
    status: { code: SpanStatusCode.UNSET },
  })
  const failed = named('attempt flaky')
  expect(failed).toMatchObject({
    attributes: { 'shakedown.attempt': 1, 'shakedown.status': 'failed' },
    status: { code: SpanStatusCode.ERROR },
    duration: [0, 50_000_000],
  })
  expect(failed.events.map(({ name }) => name)).toEqual(['exception'])
  expect(
    JSON.stringify(exporter.getFinishedSpans().map(({ events, status }) => [events, status])),
  ).not.toContain('hunter2secret')
})

test('the caller’s span is the parent, and the attempt’s is active in the function, also in branches and after an await', async () => {
  const tracer = trace.getTracer('caller')
  const call = (name: string) =>
    step(name, async () => {
      await new Promise((resolve) => setImmediate(resolve))
      tracer.startSpan(`http of ${name}`).end()
      return 1
    })
  const node = parallel('both', { a: call('a'), b: call('b') })
  await tracer.startActiveSpan('request', async (span) => {
    await createEngine().run(node, 0)
    span.end()
  })
  const parentOf = (name: string): string | undefined => {
    const id = named(name).parentSpanContext?.spanId
    return exporter.getFinishedSpans().find((span) => span.spanContext().spanId === id)?.name
  }
  expect(['run both', 'step a', 'attempt a', 'http of a', 'http of b'].map(parentOf)).toEqual([
    'request',
    'run both',
    'step a',
    'attempt a',
    'attempt b',
  ])
})

test('a fallback is an event of the run, and a failed run is an error', async () => {
  const fail = (name: string) => step(name, () => Promise.reject(new Error(`${name} is out of ink`)))
  await createEngine().run(fail('a').fallback(fail('b')), 0)
  expect(named('run a')).toMatchObject({
    status: { code: SpanStatusCode.ERROR, message: expect.stringContaining('b is out of ink') as string },
    events: [
      { name: 'fallback', attributes: { 'shakedown.from': 'a/a', 'shakedown.to': 'a/b' } },
      { name: 'exception' },
    ],
  })
})

test('spans of a run that was aborted are ended, each once, and what comes late changes none', async () => {
  const world = new SimWorld()
  const controller = new AbortController()
  world.clock.after(5, 'the caller', () => controller.abort(new Error('enough')))
  const deaf = step(
    'deaf',
    (_: number, { clock }) => new Promise<void>((resolve) => void clock.after(50, 'deaf', resolve)),
  )
  const running = createEngine({ world }).run(deaf, 0, { signal: controller.signal })
  await drive(world, running)
  await running
  expect(tree()).toEqual(['run deaf', '  step deaf', '    attempt deaf'])
  expect(exporter.getFinishedSpans().map(({ ended }) => ended)).toEqual([true, true, true])
  expect(named('attempt deaf').attributes['shakedown.status']).toBe('cancelled')
})

test('an exporter that throws hurts no run', async () => {
  trace.disable()
  const broken = {
    onStart: () => {},
    onEnd: () => {
      throw new Error('no collector')
    },
    shutdown: () => Promise.resolve(),
    forceFlush: () => Promise.resolve(),
  }
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [broken] }))
  expect(
    await createEngine().run(
      step('s', () => 1),
      0,
    ),
  ).toMatchObject({ output: 1 })
})

test('a run over many items is a span like any other, and ends', async () => {
  await createEngine().runAll(
    step('double', (n: number) => n * 2),
    [1, 2],
  )
  const names = exporter.getFinishedSpans().map(({ name }) => name)
  expect(names.filter((name) => name.startsWith('run'))).toHaveLength(1)
})
