import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { type Ports, runScenario, scenario, type ScenarioBuilder } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { serve } from '../../../support/http-server.ts'

type Subject = (input: unknown, ports: Ports) => unknown

async function remarksOn(subject: Subject, change = (built: ScenarioBuilder) => built) {
  const asks = scenario('asks').subject(subject).on('fn:ask', 'delay(10)').expect({ status: 'completed' })
  const { problems, remarks } = await runScenario(change(asks))
  expect(problems).toEqual([])
  return remarks.map(({ message }) => message)
}

const ask = (ports: Ports): Promise<string> => ports.fn('ask', async () => 'answer')()

/** An answer, or the caller's leaving; the listener stays where the answer was first. */
const leaves = (_: unknown, ports: Ports): Promise<string> =>
  Promise.race([
    ask(ports),
    new Promise<never>((_resolve, reject) => {
      ports.signal.addEventListener('abort', () => reject(ports.signal.reason as Error), { once: true })
    }),
  ])

test('a listener that stays on the signal of its caller is remarked, of several callers all together', async () => {
  expect(await remarksOn(leaves)).toEqual([
    expect.stringMatching(/^A listener on `ports\.signal` stayed there after/),
  ])
  expect(await remarksOn(leaves, (built) => built.callers(3))).toEqual([
    expect.stringMatching(/^3 listeners on `ports\.signal` stayed/),
  ])
})

test.for<[string, Subject]>([
  [
    'takes its own off',
    async (_, ports) => {
      const left = (): void => {}
      ports.signal.addEventListener('abort', left)
      const answer = await ask(ports)
      ports.signal.removeEventListener('abort', left)
      return answer
    },
  ],
  [
    'ends its own by a signal of its own',
    async (_, ports) => {
      const over = new AbortController()
      ports.signal.addEventListener('abort', () => {}, { signal: over.signal })
      const answer = await ask(ports)
      over.abort()
      return answer
    },
  ],
  [
    'joins it to another',
    (_, ports) => (AbortSignal.any([ports.signal, AbortSignal.timeout(1_000)]), ask(ports)),
  ],
  ['waits by it', async (_, ports) => (await pause(5, undefined, { signal: ports.signal }), ask(ports))],
  [
    'hears an event by it',
    async (_, ports) => {
      const heard = new EventTarget()
      const event = once(heard, 'news', { signal: ports.signal })
      heard.dispatchEvent(new Event('news'))
      return event.then(() => ask(ports))
    },
  ],
])('a subject that %s leaves none', async ([, subject]) => {
  expect(await remarksOn(subject)).toEqual([])
})

test('a fetch that follows the signal leaves none of the subject, and one that works on is not asked', async () => {
  await using server = await serve((_request, response) => void response.end('ok'))
  expect(
    await remarksOn(async (_, ports) => {
      await (await fetch(server.url, { signal: ports.signal })).text()
      return ask(ports)
    }),
  ).toEqual([])
  expect(await remarksOn(leaves, (built) => built.background())).toEqual([])
})

test('a signal that has aborted has nothing more to say, also to a listener that stays on it', async () => {
  const left = scenario('leaves')
    .subject((_: unknown, ports: Ports) =>
      Promise.race([
        ask(ports),
        new Promise<never>((_resolve, reject) => {
          ports.signal.addEventListener('abort', () => reject(ports.signal.reason as Error))
        }),
      ]),
    )
    .on('fn:ask', 'hang')
    .abort(50)
    .expect({ status: 'cancelled' })
  const { problems, remarks } = await runScenario(left)
  expect([...problems, ...remarks].map(({ code }) => code)).toEqual(['E_DEAF'])
})

test('a process whose stacks are no text can still put listeners on the signal', async () => {
  const { prepareStackTrace } = Error
  Error.prepareStackTrace = (_error, sites) => sites
  try {
    expect(await remarksOn(leaves)).toEqual([])
  } finally {
    Error.prepareStackTrace = prepareStackTrace
  }
})

test('what a process that died had put there is gone with it; what the next one leaves is remarked', async () => {
  const tidy: Subject = async (_, ports) => {
    const left = (): void => {}
    ports.signal.addEventListener('abort', left)
    try {
      return await ask(ports)
    } finally {
      ports.signal.removeEventListener('abort', left)
    }
  }
  const crash = (next: Subject) => (built: ScenarioBuilder) => built.crash({ at: 'fn:ask' }, () => next)
  expect(await remarksOn(tidy, crash(tidy))).toEqual([])
  expect(await remarksOn(tidy, crash(leaves))).toEqual([expect.stringMatching(/^A listener on/)])
})
