import {
  approval,
  choose,
  ConfigurationError,
  conversation,
  createEngine,
  loop,
  memoryAudit,
  parallel,
  pipeline,
  step,
  type Turn,
} from 'shakedown'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { failing, runInSim } from '../../support/in-sim.ts'

/** `user: x` and `assistant: y`, joined. */
const shown = (turns: unknown): string =>
  (turns as readonly Turn[]).map(({ role, content }) => `${role[0]}:${content}`).join(' ')

/** Says its words one after the other. */
function says(name: string, ...words: readonly unknown[]) {
  let calls = 0
  return step(name, (_: unknown): unknown => words[calls++ % words.length])
}

test('a conversation begins with its input as the user’s turn, keeps the last step’s words, and ends with a finish action', async () => {
  const read: string[] = []
  const answer = step('answer', (_: unknown, { context }): unknown => {
    read.push(shown(context.get('chat')))
    return read.length < 3 ? `answer ${read.length}` : { action: 'finish' }
  })
  const node = conversation('chat', pipeline('body', says('think', 'hm'), answer), { maxIterations: 9 })
  const { result } = await runInSim(node, 'Why are there tides?')
  expect(read).toEqual([
    'u:Why are there tides?',
    'u:Why are there tides? a:answer 1',
    'u:Why are there tides? a:answer 1 a:answer 2',
  ])
  expect(result).toMatchObject({
    status: 'completed',
    output: { action: 'finish' },
    attempts: 3,
    metadata: { exitReason: 'condition', iterations: 3, stepAttempts: 6 },
    context: {
      chat: [
        { role: 'user', content: 'Why are there tides?' },
        { role: 'assistant', content: 'answer 1' },
        { role: 'assistant', content: 'answer 2' },
      ],
    },
  })
})

test.for(['finish', ' Done ', 'FINISH'])(
  'the bare word %o ends a conversation and is no turn',
  async (word) => {
    const { result } = await runInSim(conversation('c', says('s', 'a', word), { maxIterations: 5 }), 'done')
    expect(shown(result.context['c'])).toBe('u:done a:a')
  },
)

test('what is no text is said as JSON, and nothing is said by what gives nothing', async () => {
  const node = conversation('c', says('s', { n: 1 }, undefined, '', null, 7, 'done'), { maxIterations: 9 })
  const { result } = await runInSim(node, { q: ['x'] })
  expect(shown(result.context['c'])).toBe('u:{"q":["x"]} a:{"n":1} a:7')
})

test('all steps that completed speak, in declared order, also from branches, loops, choices and fallbacks; failed ones never', async () => {
  const bad = step('bad', (): string => {
    throw new Error('no')
  })
  const slow = step('slow', async (_: unknown, ctx) => (await ctx.sleep(50), 'slow'))
  const body = pipeline(
    'body',
    says('first', 'first'),
    parallel('both', { slow, quick: says('quick', 'quick') }),
    parallel('some', { bad, good: says('good', 'good') }, { onBranchFailure: 'ignore' }),
    choose('lost', () => 'l', { l: pipeline('l', says('lost', 'lost'), bad) }).fallback(
      says('backup', 'backup'),
    ),
    step('flaky', failing(1, 'flaky'), { retries: 1 }),
    choose('way', () => 'x', { x: says('x', 'x'), y: says('y', 'y') }),
    loop('twice', says('again', 'again 1', 'again 2'), {
      until: (_, { iteration }) => iteration === 2,
      maxIterations: 2,
    }),
  )
  const node = conversation('c', body, { speakers: 'all', until: () => true, maxIterations: 1 })
  const { result } = await runInSim(node, 'hi')
  expect(shown(result.context['c'])).toBe(
    'u:hi a:first a:slow a:quick a:good a:backup a:flaky a:x a:again 1 a:again 2',
  )
})

test('named nodes speak, steps or not, and no other', async () => {
  const body = pipeline(
    'body',
    says('one', '1'),
    pipeline('two', says('inner', 'i'), says('out', '2')),
    says('three', '3'),
  )
  const node = conversation('c', body, {
    speakers: { named: ['one', 'two'] },
    until: () => true,
    maxIterations: 1,
  })
  expect(shown((await runInSim(node, 'hi')).result.context['c'])).toBe('u:hi a:1 a:2')
})

test('the last word of a loop is what its mapper made of it; each branch has a last word', async () => {
  const mapped = loop('l', says('s', 'raw'), { until: () => true, output: () => 'mapped', maxIterations: 1 })
  const body = parallel('both', { mapped, plain: pipeline('p', says('a', 'a'), says('b', 'b')) })
  const node = conversation('c', body, { until: () => true, maxIterations: 1 })
  expect(shown((await runInSim(node, 'hi')).result.context['c'])).toBe('u:hi a:mapped a:b')
})

test('an inner conversation keeps its own turns, and they are told to the outer one in their place', async () => {
  const inner = conversation('inner', says('deep', 'd1', 'done'), { maxIterations: 5 })
  const body = pipeline(
    'body',
    says('ask', 'what?'),
    inner,
    step('read', (_: unknown, { context }) => shown(context.get('inner'))),
  )
  const node = conversation('outer', body, { until: (_, { iteration }) => iteration === 2, maxIterations: 2 })
  const { result } = await runInSim(node, 'hi')
  expect(shown(result.context['inner'])).toBe('u:what? a:d1 u:what? a:d1')
  expect(shown(result.context['outer'])).toBe(
    'u:hi u:what? a:d1 a:u:what? a:d1 u:what? a:d1 a:u:what? a:d1 u:what? a:d1',
  )
})

test('a user turn that says what the one before it says is kept once; an inner finish ends the inner conversation alone', async () => {
  const inner = conversation('inner', says('deep', 'd1', 'done'), { maxIterations: 5 })
  const node = conversation('outer', inner, { nextInput: () => 'hi', until: () => true, maxIterations: 2 })
  const { result } = await runInSim(node, 'hi')
  expect(shown(result.context['outer'])).toBe('u:hi a:d1')
  expect(result.metadata).toMatchObject({ exitReason: 'condition', iterations: 1 })
})

test('conversations in branches are told in declared order, whichever ends first', async () => {
  const talk = (name: string, ms: number) =>
    conversation(
      name,
      step('s', async (_: unknown, ctx) => (await ctx.sleep(ms), `${name} says`)),
      { until: () => true, maxIterations: 1 },
    )
  const node = conversation('outer', parallel('both', { a: talk('a', 90), b: talk('b', 10) }), {
    until: () => true,
    maxIterations: 1,
  })
  const { result } = await runInSim(node, 'hi')
  expect(shown(result.context['outer'])).toBe('u:hi a:a says u:hi a:b says')
  expect(result.context).toMatchObject({ a: [{ content: 'hi' }, { content: 'a says' }], b: [{}, {}] })
})

test('an iteration that fails says nothing', async () => {
  const body = pipeline('body', says('a', 'a'), step('b', failing(0, 1)), says('c', 'c'))
  const broken = pipeline(
    'broken',
    says('a', 'a'),
    step('b', () => Promise.reject(new Error('no'))),
  )
  for (const [inside, told] of [
    [body, 'u:hi a:a a:1 a:c'],
    [broken, 'u:hi'],
  ] as const) {
    const node = conversation('c', inside, { speakers: 'all', until: () => true, maxIterations: 1 })
    const { result } = await runInSim(node, 'hi')
    expect(shown(result.context['c'])).toBe(told)
  }
})

test('a conversation carries on what was said before it, and forgets the oldest turns that are too many', async () => {
  const before = [
    { role: 'user', content: 'old' },
    { role: 'assistant', content: 'older answer' },
  ]
  const options = {
    until: (_: unknown, { iteration }: { iteration: number }) => iteration === 3,
    maxIterations: 3,
  }
  const talk = (keep: object) =>
    runInSim(conversation('c', says('s', '1111', '2222', '3333'), { ...options, keep }), 'hi', {
      context: { c: before },
    })
  expect(shown((await talk({})).result.context['c'])).toBe('u:old a:older answer u:hi a:1111 a:2222 a:3333')
  expect(shown((await talk({ turns: 2 })).result.context['c'])).toBe('a:2222 a:3333')
  expect(shown((await talk({ tokens: 3 })).result.context['c'])).toBe('a:1111 a:2222 a:3333')
  // Fewer tokens than the newest turn has: it stays.
  const long = conversation('c', says('s', 'x'.repeat(100)), { ...options, keep: { tokens: 1 } })
  expect((await runInSim(long, 'hi')).result.context['c']).toHaveLength(1)
})

test('a context key that holds no list fails the node, at once or when a step has put something else there', async () => {
  const node = conversation('c', says('s', 'a'), { maxIterations: 2 })
  const { result } = await runInSim(node.fallback(says('b', 'backup')), 'hi', { context: { c: 7 } })
  expect(result).toMatchObject({
    output: 'backup',
    children: {
      primary: { attempts: 0, metadata: { exitReason: 'body_failed', iterations: 0, stepAttempts: 0 } },
    },
  })
  expect(result.children['primary']?.feedback).toBe(
    "Expected context key 'c' to hold a list to append to, got 7.",
  )
  const spoils = step('s', (_: unknown, { context }) => context.set('c', 7))
  const spoilt = await runInSim(conversation('c', spoils, { maxIterations: 2 }), 'hi')
  expect(spoilt.result).toMatchObject({ status: 'failed', metadata: { exitReason: 'body_failed' } })
  expect(shown(spoilt.result.context['c'])).toBe('u:hi')
  const events = spoilt.audit.records.flatMap((record) => (record.kind === 'event' ? [record.detail] : []))
  expect(events).toEqual([{ iteration: 1, status: 'failed' }])
})

test('everything wrong with a conversation is told at once, and where', () => {
  const inner = conversation('inner', says('draft', 'd'), { maxIterations: 1 })
  expect(() =>
    conversation('c', inner, { maxIterations: 1, speakers: { named: ['drafd', 'inner'] } }),
  ).toThrow(
    'Expected `speakers.named` of conversation \'c\' to be names of nodes in it, got "drafd". Did you mean `draft`?',
  )
  expect(() => conversation('c', inner, { maxIterations: 1, history: 'inner' })).toThrow(
    "Expected conversation 'c' and conversation 'inner' inside it to keep their histories under keys of their own, got 'inner' for both.",
  )
  const wrong = (): unknown =>
    conversation('c/', says('s', 1), {
      maxIterations: 0,
      speakers: 'none',
      keep: { turn: 1 },
      history: '',
    } as never)
  expect(wrong).toThrow(ConfigurationError)
  for (const text of ['name of a conversation', '`maxIterations`', '`speakers`', '`keep.turn`', '`history`'])
    expect(wrong).toThrow(text)
})

test('what a person answers to an approval is the user’s turn', async () => {
  const body = pipeline(
    'body',
    says('ask', 'ship it?'),
    approval('ok', { message: 'Ship it?', schema: z.string() }),
  )
  const node = conversation('c', body, { speakers: 'all', until: () => true, maxIterations: 1 })
  const engine = createEngine({ audit: memoryAudit(), pipelines: [node] })
  const paused = await engine.run(node, 'hi', { runId: 'r' })
  expect(paused.status).toBe('paused')
  const { context } = await engine.resume('r', 'yes, today')
  expect(shown(context['c'])).toBe('u:hi a:ship it? u:yes, today')
})

test.each([
  ['all', says('a', 'a1', 'done'), 'u:hi a:a1 a:b1 a:b2'],
  [{ named: ['a'] }, says('a', 'a1', { action: 'finish' }), 'u:hi a:a1'],
  [{ named: ['a'] }, parallel('x', { a: says('a', 'a1', 'finish'), c: says('c', 'c1') }), 'u:hi a:a1'],
] as const)(
  'a finish action of a speaker that is not the last to speak ends it, too: %j',
  async (speakers, a, told) => {
    const node = conversation('c', pipeline('body', a, says('b', 'b1', 'b2')), { maxIterations: 5, speakers })
    const { result } = await runInSim(node, 'hi')
    expect(result).toMatchObject({ status: 'completed', attempts: 2, metadata: { exitReason: 'condition' } })
    expect(shown(result.context['c'])).toBe(told)
  },
)

test('a finish word ends it only where its step speaks, or has the last word', async () => {
  const body = pipeline('body', says('a', 'done'), says('b', 'b1', 'b2', 'done'))
  for (const speakers of ['last', { named: ['b'] }] as const) {
    const { result } = await runInSim(conversation('c', body, { maxIterations: 5, speakers }), 'hi')
    expect(result).toMatchObject({ status: 'completed', attempts: 3 })
    expect(shown(result.context['c'])).toBe('u:hi a:b1 a:b2')
  }
})
