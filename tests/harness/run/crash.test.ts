import { type Ports, runScenario, scenario, type SubjectInput } from 'shakedown/harness'
import { expect, test } from 'vitest'

type Slip = 'forgets first' | 'keeps it in memory'

/** An outbox: what is to be sent is stored first and forgotten last, so that a crash sends twice rather than never. */
function outbox(slip?: Slip) {
  const inMemory: string[] = []
  return async (order: string, ports: Ports): Promise<string> => {
    const send = ports.fn('send', async (sent: string) => sent)
    const kept = (await ports.store.get('outbox')) ?? inMemory[0]
    if (kept === undefined) {
      // The request was taken once: a second one is told apart by what is stored.
      if ((await ports.store.get('done')) === true) return 'done before'
      if (slip === 'keeps it in memory') inMemory.push(order)
      else await ports.store.set('outbox', order)
      await ports.store.set('done', true)
    }
    if (slip === 'forgets first') await ports.store.delete('outbox')
    await send(order)
    await ports.store.delete('outbox')
    return 'sent'
  }
}

const crashing = (slip?: Slip) =>
  scenario('an outbox')
    .subject(outbox(slip))
    .input('order-7')
    .on('fn:send#1', 'hang')
    .crash({ at: 'fn:send#1' }, () => outbox(slip))
    .expect({ output: 'sent', calls: { 'fn:send': { count: 2, inputs: 'same' } } })

test('a process that dies is followed by one that has only what was stored', async () => {
  expect(await runScenario(crashing())).toMatchObject({ problems: [], remarks: [], output: 'sent' })
})

test('so it is where only the clock of its ports is virtual', async () => {
  expect(await runScenario(crashing().timers('ports'))).toMatchObject({ problems: [], output: 'sent' })
})

test('a process that cannot be started anew fails with what kept it from starting', async () => {
  const built = crashing().crash({ at: 'fn:send#1' }, () => {
    throw new Error('no module')
  })
  const { status, error } = await runScenario(built)
  expect({ status, message: error?.message }).toEqual({ status: 'failed', message: 'no module' })
})

test.for<Slip>(['forgets first', 'keeps it in memory'])('an outbox that %s loses its order', async (slip) => {
  const { problems, output } = await runScenario(crashing(slip))
  expect(output).toBe('done before')
  expect(problems.map(({ at }) => at.join('.'))).toEqual([
    'expect.output',
    'expect.calls.fn:send.count',
    'expect.calls.fn:send.inputs',
  ])
})

const twice = (subject: SubjectInput<null>, moment: number | { at: string } | { during: 'backoff' }) =>
  scenario('dies')
    .subject(subject)
    .input(null)
    .crash(moment, () => subject as never)

test('of a dead process no call comes back, no timer fires, and what it still does is done to nobody', async () => {
  const heard: string[] = []
  let lives = 0
  const verdict = await runScenario(
    twice(async (_: unknown, ports: Ports) => {
      const life = ++lives
      const note = (what: string) => heard.push(`${what} ${life}`)
      const ask = ports.fn('ask', async () => {
        await ports.clock.sleep(10)
      })
      setTimeout(() => note('global timer'), 5)
      ports.clock.setTimeout(() => note('port timer'), 5)
      void ports.clock.sleep(5).then(() => note('sleep'))
      void ask().then(() => {
        note('answer')
        ports.mark(`life ${life}`)
      })
      await ports.clock.sleep(20)
      return life
    }, 2),
    { replay: false },
  )
  expect(verdict).toMatchObject({ problems: [], output: 2, virtualMs: 22 })
  expect(heard.toSorted()).toEqual(['answer 2', 'global timer 2', 'port timer 2', 'sleep 2'])
  expect([...verdict.marks.keys()]).toEqual(['life 2'])
})

test('a process may die while it waits between two attempts', async () => {
  let lives = 0
  const { problems } = await runScenario(
    twice(
      async (_: unknown, ports: Ports) => {
        lives += 1
        const ask = ports.fn('ask', async () => {})
        try {
          await ask()
        } catch {
          await ports.clock.sleep(100)
          await ask()
        }
      },
      { during: 'backoff' },
    )
      .on('fn:ask', 'reject -> off')
      .expect({ calls: { 'fn:ask': { count: 2, gapsMs: 0 } } }),
    { replay: false },
  )
  expect(problems).toEqual([])
  expect(lives).toBe(2)
})

test('those of several callers who wait call again; who has an answer does not', async () => {
  const { problems } = await runScenario(
    twice(async (_: unknown, ports: Ports) => {
      await ports.fn('ask', async () => {})()
      await ports.clock.sleep(50)
    }, 70)
      .callers([{}, { atMs: 30 }])
      .expect({ calls: { 'fn:ask': { count: 3, gapsMs: [30, 40] } }, virtualMs: 120 }),
    { replay: false },
  )
  expect(problems).toEqual([])
})

test('a crash that never comes proves nothing', async () => {
  const { problems } = await runScenario(
    twice((_: unknown, ports: Ports) => ports.fn('ask', () => 1)(), { at: 'fn:ask#2' }),
  )
  expect(problems).toMatchObject([
    {
      code: 'E_VACUOUS',
      at: ['crash'],
      message:
        'The process was to crash at `fn:ask#2`, but the subject had settled at 0 ms and that never came.',
    },
  ])
})

test('a subject that cannot be had afresh cannot crash', async () => {
  const { spec, subject } = crashing()
  if (subject.kind !== 'function') throw new Error('It is a function.')
  const { problems } = await runScenario({ spec, subject: { kind: 'function', run: subject.run } })
  expect(problems).toMatchObject([{ code: 'E_SUBJECT', at: ['crash'] }])
})

test('what is stored is a copy, in and out', async () => {
  const { output } = await runScenario(
    scenario('copies')
      .subject(async (_: unknown, ports: Ports) => {
        ports.fn('ask', () => {})()
        const list = [1]
        await ports.store.set('list', list)
        list.push(2)
        const found = (await ports.store.get('list')) as number[]
        found.push(3)
        await ports.store.delete('gone')
        return [await ports.store.get('list'), await ports.store.get('gone')]
      })
      .input(null),
  )
  expect(output).toEqual([[1], undefined])
})

test('what a dead process still does to its store and its marks is done to nobody', async () => {
  const subject = async (_: unknown, ports: Ports): Promise<unknown> => {
    // By then whatever ran on has run.
    await ports.clock.sleep(10)
    const found = [(await ports.store.get('zombie')) ?? 'none', (await ports.store.get('kept')) ?? 'none']
    if (found[1] === 'none') {
      await ports.store.set('kept', 'before')
      // Runs on when the process is dead: nothing of it waits for anything outside.
      void (async () => {
        for (let turn = 0; turn < 100; turn++) await Promise.resolve()
        ports.mark('zombie')
        void ports.store.set('zombie', 'walks')
        void ports.store.delete('kept')
      })()
    }
    return ports.fn('ack', async () => found)()
  }
  const dies = scenario('dies')
    .subject(subject)
    .crash({ at: 'fn:ack' }, () => subject)
    .expect({ output: ['none', 'before'] })
  const { problems, marks } = await runScenario(dies, { replay: false })
  expect(problems).toEqual([])
  expect([...marks]).toEqual([])
})

test('what a dead process leaves on globalThis is remarked: a fresh one would not have it', async () => {
  const shared = globalThis as { outbox?: number; later?: number }
  const dying = (leaves: 'outbox' | 'later', moment: { at: string }) =>
    runScenario(
      twice(async (_: unknown, ports: Ports) => {
        if (leaves === 'outbox') shared.outbox = 1
        await ports.fn('ask', async () => {})()
        if (leaves === 'later') shared.later = 1
      }, moment),
      { replay: false },
    )
  try {
    expect((await dying('later', { at: 'fn:ask' })).remarks).toEqual([])
    expect((await dying('outbox', { at: 'fn:ask' })).remarks).toMatchObject([
      {
        code: 'E_GLOBAL_KEPT',
        at: ['crash'],
        message: expect.stringContaining('put `outbox` on globalThis'),
      },
    ])
  } finally {
    delete shared.outbox
    delete shared.later
  }
})
