import type { StandardSchemaV1 } from '@standard-schema/spec'
import {
  approval,
  type AnyNode,
  cached,
  choose,
  createEngine,
  type Engine,
  type EngineOptions,
  functionAdapter,
  type Hooks,
  join,
  loop,
  memoryAudit,
  parallel,
  pipeline,
  route,
  type RunAllOptions,
  type RunOptions,
  type RunResult,
  step,
} from 'shakedown'
import type { SimWorld } from 'shakedown/harness'

/** What a user's function gives, whatever it is given. */
export type Callback = (...given: unknown[]) => never

/** What the engine has come to, over one input or many. */
export type Ended = Pick<RunResult, 'status' | 'feedback'> & { readonly output?: unknown }

interface Ran {
  readonly world: SimWorld
  readonly signal?: AbortSignal | undefined
  readonly durable?: boolean | undefined
}

/** One place where the engine calls a function of the user's that is no step's. */
export interface CallbackSite {
  readonly name: string
  /** What the function gives when all is well. */
  readonly fine: unknown
  /** It has to answer at once: a promise is refused, and the feedback names it. */
  readonly atOnce?: true
  /** Nobody waits for what it gives. */
  readonly unawaited?: true
  /** What becomes of a run that is aborted while it is called; `cancelled` when left out. */
  readonly whenAborted?: string
  readonly run: (callback: Callback, how: Ran) => Promise<Ended>
}

/** What every site is given. A new object each time: what one run does to it is not for the next one. */
const input = () => ({ list: ['ours'], kind: 'a' })

const echo = (name: string, options: object = {}) => step(name, (given: unknown) => given, options)

const engineIn = ({ world }: Ran, options: EngineOptions = {}): Engine =>
  createEngine({ world, audit: memoryAudit(), ...options })

async function one(
  node: AnyNode,
  how: Ran,
  engine: EngineOptions = {},
  more: RunOptions = {},
): Promise<Ended> {
  const { signal, durable } = how
  // What comes after the node sees what was done to its input and to its output.
  const whole = pipeline('p', node, echo('after'))
  return await engineIn(how, engine).run(whole, input() as never, { signal, durable, ...more })
}

async function many(node: AnyNode, how: Ran, more: RunAllOptions): Promise<Ended> {
  const source = [input(), { ...input(), kind: 'b' }]
  const ended = await engineIn(how).runAll(node, source as never, { signal: how.signal, ...more })
  return { ...ended, output: ended.items.map(({ result }) => result) }
}

const streaming = (options: object) =>
  step(
    's',
    async function* () {
      yield { list: ['chunk'] }
    },
    options,
  )

const failsOnce = (options: object) =>
  step(
    's',
    (given: unknown, { attempt }) => {
      if (attempt === 1) throw new Error('not yet')
      return given
    },
    { retries: 1, backoff: { baseMs: 1 }, ...options },
  )

const schemaOf = (callback: Callback) =>
  ({ '~standard': { version: 1, vendor: 'test', validate: callback } }) as unknown as StandardSchemaV1<
    unknown,
    unknown
  >

const joined = (options: object) =>
  join('j', {
    key: () => 'k',
    branch: (given: { kind: string }) => given.kind,
    branches: ['a', 'b'],
    ...options,
  } as never)

const conflict = (onConflict: Callback) =>
  parallel(
    'both',
    {
      a: step('a', (_, { context }) => context.set('k', { list: ['a'] })),
      b: step('b', (_, { context }) => context.set('k', { list: ['b'] })),
      c: echo('c'),
    },
    { onConflict },
  )

const onRoute = (options: object) =>
  route('r', { adapters: [functionAdapter('x', (task: unknown) => task)], ...options } as never)

const round = (options: object) =>
  loop('l', echo('s'), {
    until: (_: unknown, { iteration }) => iteration === 2,
    maxIterations: 3,
    ...options,
  })

const hook = (name: keyof Hooks, more: Partial<CallbackSite> = {}): CallbackSite => ({
  name: `the hook ${name}`,
  fine: undefined,
  run: (callback, how) =>
    one(name === 'onStepFailure' ? failsOnce({ retries: 0 }).fallback(echo('f')) : echo('s'), how, {
      hooks: { [name]: callback },
    }),
  ...more,
})

export const CALLBACK_SITES: readonly CallbackSite[] = [
  {
    name: '`retryIf` of a step',
    fine: true,
    atOnce: true,
    run: (retryIf, how) => one(failsOnce({ retryIf }), how),
  },
  {
    name: '`retryIf` of a route',
    fine: true,
    atOnce: true,
    run: (retryIf, how) => {
      const fails = () => {
        throw new Error('no')
      }
      return one(onRoute({ adapters: [functionAdapter('x', fails)], maxAttempts: 2, retryIf }), how)
    },
  },
  {
    name: '`estimate` of a step',
    fine: { tokens: 1 },
    atOnce: true,
    run: (estimate, how) => one(echo('s', { estimate }), how, { quota: { tokens: 5 } }),
  },
  {
    name: '`estimate` of a route',
    fine: { tokens: 1 },
    atOnce: true,
    run: (estimate, how) => one(onRoute({ estimate }), how, { quota: { tokens: 5 } }),
  },
  {
    name: '`validate` of a step',
    fine: true,
    run: (validate, how) => one(echo('s', { validate }), how),
  },
  {
    name: 'the schema of a step',
    fine: { value: 1 },
    run: (validate, how) => one(echo('s', { validate: schemaOf(validate) }), how),
  },
  {
    name: '`onChunk` of a step',
    fine: undefined,
    run: (onChunk, how) => one(streaming({ onChunk }), how),
  },
  {
    name: '`onChunk` of a run',
    fine: undefined,
    run: (onChunk, how) => one(streaming({}), how, {}, { onChunk }),
  },
  {
    name: '`collect` of a step',
    fine: 'all',
    run: (collect, how) => one(streaming({ collect }), how),
  },
  {
    name: '`message` of an approval',
    fine: 'Well?',
    run: (message, how) => {
      const asks = approval('ask', { message, schema: schemaOf((() => ({ value: 1 })) as Callback) })
      return one(asks.fallback(echo('f')), how)
    },
  },
  {
    name: 'the schema of an approval',
    fine: { value: 1 },
    run: async (validate, how) => {
      const asks = approval('ask', { message: 'Well?', schema: schemaOf(validate) })
      const engine = engineIn(how)
      const { runId } = await engine.run(pipeline('p', asks, echo('after')), input())
      return await engine.resume(runId, input(), { signal: how.signal }).catch((error: Error) => ({
        status: 'failed' as const,
        feedback: error.message,
      }))
    },
  },
  {
    name: '`key` of a cached node',
    fine: 'k',
    run: (key, how) => one(cached(echo('s'), { ttlMs: 1_000, key }), how),
  },
  { name: '`key` of a join', fine: 'k', run: (key, how) => many(joined({ key }), how, {}) },
  {
    name: '`branch` of a join',
    fine: 'a',
    run: (branch, how) => many(joined({ key: ({ kind }: { kind: string }) => kind, branch }), how, {}),
  },
  {
    name: '`key` of engine.runAll',
    fine: 'k',
    atOnce: true,
    run: (key, how) => many(echo('s'), how, { key }),
  },
  {
    name: '`onItem` of engine.runAll',
    fine: undefined,
    run: (onItem, how) => many(echo('s'), how, { onItem }),
  },
  { name: 'a selector', fine: 's', run: (select, how) => one(choose('c', select, { s: echo('s') }), how) },
  { name: '`until` of a loop', fine: true, run: (until, how) => one(round({ until }), how) },
  { name: '`nextInput` of a loop', fine: 1, run: (nextInput, how) => one(round({ nextInput }), how) },
  {
    name: '`initialInput` of a loop',
    fine: 1,
    run: (initialInput, how) => one(round({ initialInput }), how),
  },
  { name: '`output` of a loop', fine: 1, run: (output, how) => one(round({ output }), how) },
  {
    name: '`onConflict` of a parallel node',
    fine: 1,
    run: (onConflict, how) => one(conflict(onConflict), how),
  },
  { name: '`type` of a route', fine: 'any', run: (type, how) => one(onRoute({ type }), how) },
  { name: '`requires` of a route', fine: [], run: (requires, how) => one(onRoute({ requires }), how) },
  { name: '`order` of a route', fine: ['x'], run: (order, how) => one(onRoute({ order }), how) },
  {
    name: '`health` of an adapter',
    fine: true,
    run: (health, how) => {
      const adapter = { name: 'x', execute: (task: unknown) => Promise.resolve(task), health }
      return one(onRoute({ adapters: [adapter], health: { timeoutMs: 5_000 } }), how)
    },
  },
  {
    name: '`info` of a log',
    fine: undefined,
    unawaited: true,
    run: (info, how) => one(echo('s'), how, { log: { info, warn: info } }),
  },
  {
    name: '`warn` of a log',
    fine: undefined,
    unawaited: true,
    run: (warn, how) => one(failsOnce({}), how, { log: { info: warn, warn } }),
  },
  hook('preRun'),
  hook('preStep'),
  hook('postStep'),
  hook('onStepFailure'),
  hook('postRun', { whenAborted: 'completed' }),
]
