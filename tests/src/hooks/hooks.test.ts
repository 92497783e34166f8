import {
  AbortSignalled,
  type AnyNode,
  createEngine,
  type EngineOptions,
  HookError,
  type Hooks,
  memoryAudit,
  parallel,
  pipeline,
  type RunOptions,
  type RunResult,
  step,
} from 'shakedown'
import { expect, test } from 'vitest'
import { TappedAudit } from '../../../harness/run/tapped-audit.ts'

const add = (name: string) => step(name, (n: number) => n + 1)
const fail = (name: string) =>
  step(name, (_: number): number => {
    throw new Error('out of ink')
  })

/** Hooks that note their calls, and what else they do. */
function noting(more: Hooks = {}): { readonly hooks: Hooks; readonly calls: string[] } {
  const calls: string[] = []
  const hooks: Hooks = {
    preRun: (event) => (calls.push(`preRun ${event.pipeline}`), more.preRun?.(event)),
    preStep: (event) => (calls.push(`preStep ${event.path}`), more.preStep?.(event)),
    postStep: (event) => (calls.push(`postStep ${event.path}`), more.postStep?.(event)),
    onStepFailure: (event) => (calls.push(`onStepFailure ${event.path}`), more.onStepFailure?.(event)),
    postRun: (event) => (calls.push(`postRun ${event.result.status}`), more.postRun?.(event)),
  }
  return { hooks, calls }
}

async function run(node: AnyNode, options: EngineOptions, runOptions: RunOptions = {}) {
  const audit = new TappedAudit(memoryAudit())
  const engine = createEngine({ audit, ...options })
  const ended: unknown = await engine.run(node, 0 as never, runOptions).catch((error: unknown) => error)
  const thrown = ended instanceof Error ? ended : undefined
  const result = thrown === undefined ? (ended as RunResult) : (thrown as HookError).result!
  const events = audit.records.flatMap((record) =>
    record.kind === 'event' ? [[record.event, record.path, record.detail]] : [],
  )
  expect(audit.conservation().ok).toBe(true)
  return { result, thrown, events, audit }
}

test('hooks are called around the run and around each step, and a step that failed for good gets onStepFailure, not postStep', async () => {
  const { hooks, calls } = noting()
  const node = pipeline('p', add('a'), fail('b').fallback(add('c')), pipeline('inner', add('d')))
  expect((await run(node, { hooks })).result).toMatchObject({ status: 'completed', output: 3 })
  expect(calls).toEqual([
    'preRun p',
    'preStep p/a',
    'postStep p/a',
    'preStep p/b/b',
    'onStepFailure p/b/b',
    'preStep p/b/c',
    'postStep p/b/c',
    'preStep p/inner/d',
    'postStep p/inner/d',
    'postRun completed',
  ])
})

test('a step is one call of each, however many attempts it makes', async () => {
  const ends: unknown[] = []
  let calls = 0
  const node = step('s', () => (++calls < 3 ? Promise.reject(new Error('not yet')) : 'done'), {
    retries: 2,
    backoff: { baseMs: 0 },
  })
  const { hooks, calls: noted } = noting({ postStep: ({ result }) => void ends.push(result) })
  await run(node, { hooks })
  expect(noted).toEqual(['preRun s', 'preStep s', 'postStep s', 'postRun completed'])
  expect(ends).toMatchObject([{ name: 's', path: 's', attempts: 3, output: 'done' }])
})

test('hooks are called for runs without steps, too', async () => {
  const looped = add('a')
  const chain = looped.fallback(add('b'), looped)
  const { hooks, calls } = noting()
  expect((await run(chain, { hooks })).result.feedback).toBe("Fallback loop detected for step 'a'")
  expect(calls).toEqual(['preRun a', 'postRun failed'])
})

test('hooks are awaited: the step begins when preStep is done, and the run ends when postRun is', async () => {
  const order: string[] = []
  const later = (what: string) => async () => {
    await new Promise((resolve) => setImmediate(resolve))
    order.push(what)
  }
  const hooks: Hooks = {
    preRun: later('preRun'),
    preStep: later('preStep'),
    postStep: later('postStep'),
    postRun: later('postRun'),
  }
  await run(
    step('s', () => order.push('step')),
    { hooks },
  )
  order.push('result')
  expect(order).toEqual(['preRun', 'preStep', 'step', 'postStep', 'postRun', 'result'])
})

test('what a hook is given are copies: writing to them changes nothing', async () => {
  const spoil = (value: unknown): void => void (value as { list: unknown[] }).list.push('spoilt')
  const hooks: Hooks = {
    preRun: ({ input }) => spoil(input),
    preStep: ({ input }) => spoil(input),
    postStep: ({ result }) => spoil(result.output),
    postRun: ({ result }) => {
      spoil(result.output)
      spoil(result.history[0]?.output)
    },
  }
  const seen: unknown[] = []
  const look = (name: string) =>
    step(name, (input: { list: unknown[] }) => (seen.push(input.list.length), input))
  const result = await createEngine({ hooks }).run(pipeline('p', look('a'), look('b')), { list: [] })
  expect(seen).toEqual([0, 0])
  expect(result).toMatchObject({
    output: { list: [] },
    history: [{ output: { list: [] } }, { output: { list: [] } }],
  })
})

test('a hook that throws breaks nothing: it is recorded with its text, and logged', async () => {
  const throwing = (hook: string) => () => Promise.reject(new Error(`${hook} broke`))
  const hooks: Hooks = {
    preRun: throwing('preRun'),
    preStep: () => {
      throw undefined
    },
    postStep: throwing('postStep'),
    onStepFailure: throwing('onStepFailure'),
    postRun: throwing('postRun'),
  }
  const warnings: string[] = []
  const log = { info: () => {}, warn: (line: string) => warnings.push(line) }
  const node = pipeline('p', fail('a').fallback(add('b')))
  const { result, events } = await run(node, { hooks, log })
  expect(result).toMatchObject({ status: 'completed', output: 1 })
  const errors = events.filter(([event]) => event === 'hook_error').map(([, path, detail]) => [path, detail])
  expect(errors).toEqual([
    ['p', { hook: 'preRun', error: 'preRun broke' }],
    ['p/a/a', { hook: 'preStep', error: 'undefined was thrown' }],
    ['p/a/a', { hook: 'onStepFailure', error: 'onStepFailure broke' }],
    ['p/a/b', { hook: 'preStep', error: 'undefined was thrown' }],
    ['p/a/b', { hook: 'postStep', error: 'postStep broke' }],
    ['p', { hook: 'postRun', error: 'postRun broke' }],
  ])
  expect(warnings).toContain('Hook postStep failed at p/a/b: postStep broke')
})

test('a pause and a configuration error that a hook throws are errors of the hook, no signals', async () => {
  const { ControlSignal, ConfigurationError } = await import('shakedown')
  const hooks: Hooks = {
    preStep: () => {
      throw new ControlSignal('pause', 'E_PAUSED', 'waits')
    },
    postStep: () => {
      throw new ConfigurationError('no such model')
    },
  }
  const { result, events } = await run(add('a'), { hooks })
  expect(result.status).toBe('completed')
  expect(events).toHaveLength(2)
})

test.each(['preRun', 'preStep', 'postStep', 'onStepFailure', 'postRun'] as const)(
  'under strictHooks what %s throws ends the run with it, once',
  async (name) => {
    const cause = new Error('broke')
    const { hooks, calls } = noting({
      [name]: () => {
        throw cause
      },
    })
    let after = 0
    const first = name === 'onStepFailure' ? fail('a').fallback(add('b')) : add('a')
    const node = pipeline(
      'p',
      first,
      step('last', () => after++),
    )
    const { result, thrown, events } = await run(node, { hooks, strictHooks: true })
    expect(thrown).toBeInstanceOf(HookError)
    expect(thrown).toMatchObject({ hook: name, cause, code: 'E_HOOK' })
    expect(thrown?.message).toMatch(/^Hook \w+ at p(?:\/a)*(?:\/a)? threw: broke$/)
    expect(result.status).toBe('failed')
    expect(events.map(([event]) => event)).toEqual(['hook_error'])
    expect(after).toBe(name === 'postRun' ? 1 : 0)
    expect(calls.at(-1)).toBe(name === 'postRun' ? 'postRun completed' : 'postRun failed')
  },
)

test.each(['preRun', 'preStep', 'postStep', 'onStepFailure'] as const)(
  'an abort that %s throws aborts the run: no retry, no fallback, no further step',
  async (name) => {
    const { hooks, calls } = noting({
      [name]: () => {
        throw new AbortSignalled(new Error('enough'))
      },
    })
    let after = 0
    const first = name === 'onStepFailure' ? fail('a').fallback(step('b', () => after++)) : add('a')
    const { result, thrown, audit } = await run(
      pipeline(
        'p',
        first,
        step('last', () => after++),
      ),
      { hooks },
    )
    expect(thrown).toBeUndefined()
    expect(result).toMatchObject({ status: 'cancelled', feedback: 'Cancelled: enough' })
    expect(after).toBe(0)
    expect(calls.at(-1)).toBe('postRun cancelled')
    const attempted = name === 'postStep' || name === 'onStepFailure'
    expect(result.attempts).toBe(attempted ? 1 : 0)
    const outcomes = audit.records.flatMap((record) => (record.kind === 'outcome' ? [record.outcome] : []))
    expect(outcomes).toEqual(['cancelled'])
  },
)

test('in postRun an abort is an error like any other', async () => {
  const hooks: Hooks = {
    postRun: () => {
      throw new AbortSignalled(new Error('too late'))
    },
  }
  const { result, events } = await run(add('a'), { hooks })
  expect(result.status).toBe('completed')
  expect(events).toMatchObject([['hook_error', 'a', { hook: 'postRun' }]])
})

test('an abort in one branch cancels the others', async () => {
  const slow = step(
    'slow',
    (_: number, { signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      ),
  )
  const hooks: Hooks = {
    postStep: () => {
      throw new AbortSignalled(new Error('enough'))
    },
  }
  const { result } = await run(parallel('both', { quick: add('quick'), slow }), { hooks })
  expect(result).toMatchObject({
    status: 'cancelled',
    children: { quick: { status: 'cancelled' }, slow: { status: 'cancelled', attempts: 1 } },
  })
})

test('time that hooks take is no step’s', async () => {
  const { SimWorld, drive } = await import('shakedown/harness')
  const world = new SimWorld()
  const wait = () => new Promise<void>((resolve) => void world.clock.after(50, 'hook', resolve))
  const running = createEngine({ world, hooks: { preStep: wait, postStep: wait } }).run(
    pipeline('p', add('a'), add('b')),
    0,
  )
  await drive(world, running)
  expect(await running).toMatchObject({ history: [{ latencyMs: 0 }, { latencyMs: 0 }] })
  expect(world.clock.monotonicMs()).toBe(200)
})

test.each([
  [
    { hooks: { preStp: () => 1 } as Hooks },
    'Unknown option `hooks.preStp` of createEngine. Did you mean `preStep`?',
  ],
  [
    { hooks: { preStep: 5 as never } },
    'Expected `hooks.preStep` of createEngine to be valid: expected a function; got 5.',
  ],
  [{ strictHooks: 'yes' as never }, 'Expected `strictHooks` of createEngine'],
  [{ log: { info: () => 1 } as never }, 'expected an object with the methods info and warn'],
  [{ redact: ['abc'] }, 'Expected `redact.0` of createEngine'],
])('an option %j is refused', (options, message) => {
  expect(() => createEngine(options)).toThrow(message)
})
