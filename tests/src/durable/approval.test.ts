import {
  approval,
  choose,
  conversation,
  createEngine,
  loop,
  memoryAudit,
  parallel,
  pipeline,
  step,
  systemWorld,
  openSqliteAudit,
  type AuditStore,
  waitingApprovals,
} from 'shakedown'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { temporaryFile } from '../audit/temporary-file.ts'

const asks = approval('publish', {
  message: (text: string) => `Publish "${text}"?`,
  schema: z.object({ ok: z.boolean(), by: z.string().default('nobody') }),
})

/** A pipeline that counts what its steps did. */
function article() {
  const calls: string[] = []
  const node = pipeline(
    'article',
    step('draft', (topic: string, ctx) => {
      calls.push('draft')
      ctx.meter({ costUsd: 0.5, tokens: 7 })
      ctx.context.set('topic', topic)
      return `all about ${topic}`
    }),
    asks,
    step('send', ({ ok, by }: { ok: boolean; by: string }, ctx) => {
      calls.push('send')
      return `${ok ? 'sent' : 'kept'} by ${by}: ${String(ctx.context.get('topic'))}`
    }),
  )
  return { calls, node }
}

const stores: readonly [string, () => AuditStore][] = [
  ['in memory', () => memoryAudit()],
  ['in a file', () => openSqliteAudit(temporaryFile(), { clock: systemWorld().clock })],
]

test.for(stores)('a run %s pauses at an approval and goes on with the answer', async ([, open]) => {
  await using audit = disposable(open())
  const { calls, node } = article()
  const engine = createEngine({ audit: audit.store })
  const paused = await engine.run(node, 'tides', { runId: 'r' })
  expect(paused).toMatchObject({
    status: 'paused',
    feedback: 'Waits for approval \'publish\': Publish "all about tides"?',
    totals: { usage: { costUsd: 0.5, tokens: 7 } },
  })
  const waiting = waitingApprovals(audit.store.trail('r')!)
  expect(waiting).toMatchObject([{ path: 'article/publish', visit: 1, tokenId: 't1' }])
  expect(audit.store.runs({ status: 'paused' })).toMatchObject([{ runId: 'r' }])

  const result = await engine.resume('r', { ok: true })
  expect(result).toMatchObject({
    status: 'completed',
    output: 'sent by nobody: tides',
    context: { topic: 'tides' },
    totals: { steps: 3, attempts: 2, usage: { costUsd: 0.5, tokens: 7 } },
    history: [{ name: 'draft' }, { name: 'publish', output: { ok: true, by: 'nobody' } }, { name: 'send' }],
  })
  expect(calls).toEqual(['draft', 'send'])
  const trail = audit.store.trail('r')!
  expect(trail).toMatchObject({ status: 'completed', attempts: 2, usage: { costUsd: 0.5, tokens: 7 } })
  expect(trail.eventRows.map(({ event, detail }) => [event, detail])).toEqual([
    ['paused', { message: 'Publish "all about tides"?' }],
    ['resumed', {}],
  ])
  expect(trail.stepRows.map(({ path, status }) => `${path} ${status}`)).toEqual([
    'article/draft completed',
    'article/publish completed',
    'article/send completed',
    'article completed',
  ])
  expect(trail.outcomeRows.map(({ outcome }) => outcome)).toEqual(['completed'])
  expect(trail.startRows.map(({ step: name, attempt }) => `${name} ${attempt}`)).toEqual([
    'draft 1',
    'send 1',
  ])
  expect(waitingApprovals(trail)).toEqual([])
  expect(audit.store.conservation()).toMatchObject({ ok: true, open: [] })
  expect(audit.store.durable?.checkpoints('r')).toEqual([])
})

test.for(stores)('an answer %s that the schema refuses changes nothing', async ([, open]) => {
  await using audit = disposable(open())
  const engine = createEngine({ audit: audit.store })
  await engine.run(article().node, 'tides', { runId: 'r' })
  const before = audit.store.trail('r')
  await expect(engine.resume('r', { ok: 'perhaps' })).rejects.toMatchObject({
    code: 'E_ANSWER',
    message: expect.stringContaining("approval 'publish' accepts: ok: "),
  })
  expect(audit.store.trail('r')).toEqual(before)
  await expect(engine.resume('r', { ok: false })).resolves.toMatchObject({ output: 'kept by nobody: tides' })
})

test.for(stores)('what is not paused %s cannot be resumed', async ([, open]) => {
  await using audit = disposable(open())
  const engine = createEngine({ audit: audit.store })
  await expect(engine.resume('nobody', 1)).rejects.toMatchObject({ code: 'E_RUN_UNKNOWN' })
  await engine.run(article().node, 'tides', { runId: 'r' })
  await expect(engine.run(article().node, 'tides', { runId: 'r' })).rejects.toMatchObject({
    code: 'E_PAUSED',
  })
  await engine.resume('r', { ok: true })
  await expect(engine.resume('r', { ok: true })).rejects.toMatchObject({
    code: 'E_NOT_PAUSED',
    message: "Expected run 'r' to be paused, but it is completed.",
  })
  await expect(engine.run(article().node, 'tides', { runId: 'r' })).rejects.toMatchObject({
    code: 'E_AUDIT_RUN_ID_TAKEN',
  })
})

test.for(stores)('of two that resume a run %s at once one goes on with it', async ([, open]) => {
  await using audit = disposable(open())
  const { calls, node } = article()
  const engines = [1, 2].map(() => createEngine({ audit: audit.store, pipelines: [node] }))
  await engines[0]!.run(node, 'tides', { runId: 'r' })
  const both = await Promise.allSettled(engines.map((engine) => engine.resume('r', { ok: true })))
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'E_RUN_ALIVE' } })
  expect(calls).toEqual(['draft', 'send'])
})

test.for(stores)('several approvals %s wait at once, and each is answered by its path', async ([, open]) => {
  await using audit = disposable(open())
  const calls: string[] = []
  const count = (name: string) =>
    step(name, (given: unknown) => {
      calls.push(name)
      return given
    })
  const yes = (name: string) => approval(name, { message: 'Well?', schema: z.boolean() })
  const node = pipeline(
    'p',
    parallel('both', {
      law: pipeline('l', count('law'), yes('lawyer'), count('after law')),
      text: pipeline('t', count('text'), yes('editor')),
      none: count('none'),
    }),
    count('end'),
  )
  const engine = createEngine({ audit: audit.store })
  const first = await engine.run(node, 'x', { runId: 'r' })
  expect(first.status).toBe('paused')
  await expect(engine.resume('r', true)).rejects.toMatchObject({
    code: 'E_AMBIGUOUS_APPROVAL',
    message: expect.stringContaining("'p/both/law/lawyer', 'p/both/text/editor'"),
  })
  await expect(engine.resume('r', true, { at: 'p/both' })).rejects.toMatchObject({
    code: 'E_AMBIGUOUS_APPROVAL',
    message: expect.stringContaining("got 'p/both'. It waits for 'p/both/law/lawyer', 'p/both/text/editor'."),
  })
  const second = await engine.resume('r', true, { at: 'p/both/text/editor' })
  expect(second.status).toBe('paused')
  const third = await engine.resume('r', false)
  expect(third).toMatchObject({ status: 'completed', output: { law: false, text: true, none: 'x' } })
  expect(calls.toSorted()).toEqual(['after law', 'end', 'law', 'none', 'text'])
  const trail = audit.store.trail('r')!
  expect(trail.tokenRows.map(({ tokenId, branch }) => `${tokenId} ${branch}`)).toEqual([
    't1 null',
    't2 law',
    't3 text',
    't4 none',
    't5 null',
  ])
  expect(trail.outcomeRows.length).toBe(5)
  expect(trail.joinRows.length).toBe(1)
  expect(trail.eventRows.map(({ event }) => event)).toEqual(['paused', 'paused', 'resumed', 'resumed'])
  expect(audit.store.conservation().ok).toBe(true)
})

test('an approval works in a choice of a conversation, in a fallback and after another one', async () => {
  const audit = memoryAudit()
  const calls: string[] = []
  const say = (name: string) =>
    step(name, (text: string) => {
      calls.push(name)
      return text
    })
  const ask = (name: string) => approval(name, { message: (text: string) => `${text}?`, schema: z.string() })
  const node = pipeline(
    'p',
    conversation(
      'chat',
      choose('who', (text: string) => (text.length > 3 ? 'person' : 'robot'), {
        person: pipeline('person', say('hear'), ask('editor')),
        robot: step('robot', (text: string) => {
          calls.push('robot')
          return `${text}..`
        }),
      }),
      { maxIterations: 5 },
    ),
    loop(
      'careful',
      pipeline(
        'body',
        ask('first'),
        ask('second'),
        step('picky', (text: string) => {
          calls.push('picky')
          if (text === 'no') throw new Error('no')
          return text
        }),
      ),
      { until: () => true, maxIterations: 1 },
    ).fallback(ask('last resort')),
  )
  const waits = () => waitingApprovals(audit.trail('r')!).map(({ path, message }) => `${path} ${message}`)
  let result = await createEngine({ audit }).run(node, 'hi', { runId: 'r' })
  const asked: string[] = []
  for (const answer of ['more words', 'done', 'a', 'no', 'yes']) {
    expect(result.status).toBe('paused')
    asked.push(...waits())
    result = (await createEngine({ audit, pipelines: [node] }).resume('r', answer)) as typeof result
  }
  expect(asked).toEqual([
    'p/chat/who/person/editor hi..?',
    'p/chat/who/person/editor more words?',
    'p/careful/careful/body/first done?',
    'p/careful/careful/body/second a?',
    'p/careful/last resort done?',
  ])
  expect(result).toMatchObject({ status: 'completed', output: 'yes' })
  expect(calls).toEqual(['robot', 'hear', 'hear', 'picky'])
  // What a person answers is nothing that a step has said.
  expect(result.context['chat']).toEqual(
    expect.arrayContaining([
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'hi..' },
      { role: 'user', content: 'more words' },
    ]),
  )
  expect(audit.conservation()).toMatchObject({ ok: true, open: [] })
})

test('an approval needs an audit trail that can carry runs on', async () => {
  await expect(createEngine().run(article().node, 'tides')).rejects.toMatchObject({
    code: 'E_CONFIG',
    message: "Expected `audit` of createEngine to run 'article', which has an approval, durably, got none.",
  })
  const store = memoryAudit()
  const plain: AuditStore = {
    append: (record) => store.append(record),
    committed: (runId) => store.committed(runId),
    close: () => store.close(),
    runs: (filter) => store.runs(filter),
    trail: (runId) => store.trail(runId),
    isJoined: (runId, group) => store.isJoined(runId, group),
    conservation: () => store.conservation(),
  }
  const engine = createEngine({ audit: plain })
  await expect(engine.run(article().node, 'tides')).rejects.toMatchObject({ code: 'E_CONFIG' })
  await expect(
    engine.run(
      step('s', () => 1),
      undefined,
      { durable: true },
    ),
  ).rejects.toMatchObject({
    code: 'E_CONFIG',
    message: expect.stringContaining('got one without `durable`'),
  })
  expect(store.runs()).toEqual([])
})

test('a message that cannot be made fails the approval, and its fallback decides', async () => {
  const broken = approval<string, string>('broken', {
    message: () => {
      throw new Error('no words')
    },
    schema: z.string(),
  })
  const engine = createEngine({ audit: memoryAudit() })
  await expect(engine.run(broken, 'x')).resolves.toMatchObject({
    status: 'failed',
    feedback: "`message` of approval 'broken' threw: no words",
  })
  await expect(engine.run(broken.fallback(step('robot', () => 'fine')), 'x')).resolves.toMatchObject({
    status: 'completed',
    output: 'fine',
  })
})

function disposable(store: AuditStore) {
  return { store, [Symbol.asyncDispose]: () => store.close() }
}
