import {
  all,
  bestEffort,
  choose,
  createEngine,
  first,
  functionAdapter,
  join,
  loop,
  parallel,
  quorum,
  route,
  step,
} from 'shakedown'
import { expect, test } from 'vitest'

const one = step('one', (text: string) => text)
const local = functionAdapter('local', () => 1)
const until = (): boolean => true

/** What is said when something is built. */
function said(build: () => unknown): string {
  try {
    build()
  } catch (thrown) {
    return (thrown as Error).message
  }
  throw new Error('nothing was said')
}

test.for<[string, () => unknown, string]>([
  ['retry of a step', () => step('s', until, { retry: 3 } as never), '`retries`?'],
  ['attempts of a step', () => step('s', until, { attempts: 3 } as never), '`retries`?'],
  ['timeout of a step', () => step('s', until, { timeout: 3 } as never), '`timeoutMs`?'],
  ['fallback of a step', () => step('s', until, { fallback: one } as never), '`.fallback(node)`'],
  ['retries of a route', () => route('r', { adapters: [local], retries: 3 } as never), '`maxAttempts`?'],
  ['max of a loop', () => loop('l', one, { until, maxIterations: 3, max: 3 } as never), '`maxIterations`?'],
  ['default of a choice', () => choose('c', () => 'one', { one }, { default: one } as never), '`otherwise`?'],
  ['policy of parallel', () => parallel('p', { a: one, b: one }, { policy: all() } as never), '`join`?'],
  [
    'timeout of parallel',
    () => parallel('p', { a: one, b: one }, { timeout: 9 } as never),
    '`all({ timeoutMs',
  ],
  [
    'join of a join',
    () => join('j', { key: String, branch: String, branches: ['a', 'b'], join: all() } as never),
    '`policy`?',
  ],
  [
    'maxFailures of a breaker',
    () => route('r', { adapters: [local], breaker: { maxFailures: 2 } } as never),
    "Unknown option `breaker.maxFailures` of route 'r'. Did you mean `failuresMax`?",
  ],
])('%s: what is meant is said', ([, build, words]) => {
  expect(said(build)).toContain(words)
})

test('durable of a run over many items is done in another way', async () => {
  await expect(createEngine().runAll(one, ['a'], { durable: true } as never)).rejects.toThrow(
    'A run over many items is not durable',
  )
})

test('everything wrong with a step is said at once', () => {
  const words = said(() => step('s', until, { retreis: 3, timeoutMs: -1 } as never))
  expect(words).toContain('Unknown option `retreis`')
  expect(words).toContain('`timeoutMs`')
})

test('a loop whose body comes last is told the order', () => {
  expect(said(() => loop('l', { until, maxIterations: 3 } as never, one as never))).toBe(
    [
      "Expected the body of loop 'l' to be a node made by a builder such as step() or pipeline(), got an object.",
      "Expected the options of loop 'l' after its body, got a node: loop(name, body, options).",
    ].join('\n'),
  )
})

test.for<[string, () => unknown, string]>([
  [
    'a back-off',
    () => step('s', until, { backoff: 100 } as never),
    'to be valid: expected an object; got 100.',
  ],
  [
    'Infinity',
    () => step('s', until, { timeoutMs: Infinity }),
    'to be valid: expected a finite number; got Infinity.',
  ],
  ['a count', () => step('s', until, { retries: 1.5 }), 'to be valid: expected a whole number; got 1.5.'],
  ['too few', () => step('s', until, { retries: -1 }), 'to be valid: expected at least 0; got -1.'],
  [
    'a word',
    () => step('s', until, { backoff: { jitter: 'some' } } as never),
    "expected 'none' or 'full' or 'equal'",
  ],
  [
    'a breaker',
    () => route('r', { adapters: [local], breaker: true } as never),
    'expected false or an object; got true.',
  ],
  [
    'what is in a breaker',
    () => route('r', { adapters: [local], breaker: { failuresMax: 0 } }),
    "Expected `breaker.failuresMax` of route 'r' to be valid: expected at least 1; got 0.",
  ],
])('%s is asked for in our words', ([, build, words]) => {
  expect(said(build)).toContain(words)
})

test('a route without adapters is told so once', () => {
  expect(said(() => route('r', {} as never))).toBe(
    "Expected the adapters of route 'r' to be a list of adapters, got nothing.",
  )
})

test.for<[string, () => unknown, string]>([
  [
    'quorum',
    () => quorum(2, 5 as never),
    'Expected the options of quorum(count) to be { timeoutMs }, got 5.',
  ],
  ['all', () => all(5 as never), 'Expected the options of all() to be { timeoutMs }, got 5.'],
  ['all of null', () => all(null as never), 'Expected the options of all() to be { timeoutMs }, got null.'],
  [
    'bestEffort',
    () => bestEffort(5 as never),
    'Expected the options of bestEffort() to be { timeoutMs }, got 5.',
  ],
  [
    'first',
    () => (first as (options: object) => unknown)({ timeoutMs: 5 }),
    'Expected first() to be given nothing',
  ],
])('a policy says which arguments it has: %s', ([, build, words]) => {
  expect(said(build)).toContain(words)
})

test.for([new Map([['a', 1]]), new Set(['a']), new Date(0)])(
  'a context of %o is refused: nothing would be in it',
  async (context) => {
    await expect(createEngine().run(one, 'a', { context: context as never })).rejects.toThrow(
      'Expected `context` of engine.run to be valid: expected a plain object',
    )
  },
)

test('a context without a prototype is a plain object', async () => {
  const context: Record<string, unknown> = Object.assign(Object.create(null), { language: 'en' })
  expect((await createEngine().run(one, 'a', { context })).context).toEqual({ language: 'en' })
})

test.for<[unknown, string]>([
  [{ cost: 1 }, 'an object with `cost`'],
  [{ promptTokens: 3, model: 'm' }, 'an object with `promptTokens`, `model`'],
  [5, '5'],
  [null, 'null'],
])('what is metered must have a field that counts: %o', async ([usage, words]) => {
  const result = await createEngine().run(
    step('s', (_: string, ctx) => ctx.meter(usage as never)),
    'a',
  )
  expect(result.feedback).toBe(
    `Expected what step 's' meters to have \`costUsd\` or \`tokens\`, got ${words}.`,
  )
})

test('fields of a provider beside those that count are passed over', async () => {
  const spend = step('s', (_: string, { meter }) => {
    meter({ tokens: 3, promptTokens: 2 } as never)
    meter({ tokens: undefined })
  })
  expect((await createEngine().run(spend, 'a')).totals.usage).toEqual({ costUsd: 0, tokens: 3 })
})

test('the address of a server is no audit file, and its password is not said', () => {
  expect(said(() => createEngine({ audit: 'postgres://ada:secret@localhost/x' }))).toBe(
    'Expected the audit file to be a path on disk, got "postgres://…".',
  )
})

test('a source that fails after one item', async () => {
  const source = function* (): Generator<string> {
    yield 'a'
    throw new Error('gone')
  }
  expect((await createEngine().runAll(one, source())).feedback).toBe('The source failed after 1 item: gone')
})
