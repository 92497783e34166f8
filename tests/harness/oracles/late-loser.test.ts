import { type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'
import type { AnyNode } from 'shakedown'
import type { Builders } from './mutant.ts'
import { judgeMutants } from './mutant-cases.ts'

type Asked = (ports: Ports) => (name: string, ms: number) => Promise<string>

/** Two mirrors, asked at once; the second is slower. */
const asking: Asked = (ports) => {
  const ask = ports.fn('ask', async (name: string) => name)
  return async (name, ms) => {
    const answer = await ask(name)
    await ports.clock.sleep(ms)
    return answer
  }
}

async function firstOf(ports: Ports, into: (answers: string[]) => unknown): Promise<unknown> {
  const ask = asking(ports)
  const answers: string[] = []
  const note = async (name: string, ms: number): Promise<void> => {
    answers.push(await ask(name, ms))
  }
  await Promise.race([note('a', 10), note('b', 50)])
  return into(answers)
}

const race = (into: (answers: string[]) => unknown) =>
  scenario('race').subject((_: unknown, ports: Ports) => firstOf(ports, into))

test('an output that the loser of a race writes to is a problem', async () => {
  expect((await runScenario(race((answers) => ({ answers })))).problems).toEqual([
    {
      code: 'E_ORACLE',
      oracle: 'late-loser',
      message:
        'Expected the output to stay as it was when the subject settled at 10 ms; what ran on has changed it. Give back a copy, or stop what lost the race.',
      at: [],
      expected: { answers: ['a'] },
      actual: { answers: ['a', 'b'] },
    },
  ])
})

test.for([
  ['a copy', (answers: string[]) => [...answers]],
  ['a text', (answers: string[]) => answers.join()],
  [
    'a view that tells how it stands',
    (answers: string[]) => ({
      get count() {
        return answers.length
      },
    }),
  ],
  [
    'such a view inside',
    (answers: string[]) => [
      {
        get count() {
          return answers.length
        },
      },
    ],
  ],
  [
    'a thing of a class',
    (answers: string[]) => ({
      set: new (class {
        answers = answers
      })(),
    }),
  ],
] as const)('%s is none', async ([, into]) => {
  expect((await runScenario(race(into))).problems).toEqual([])
})

test('nor is one that is meant to go on', async () => {
  expect((await runScenario(race((answers) => answers).background())).problems).toEqual([])
})

/** Two branches that note their answers in one list; the join goes on with the first, and the other notes its own later. */
const branches = ({ step, pipeline, parallel, first }: Builders): AnyNode => {
  let answers: string[] = []
  const asks = (name: string, ms: number) =>
    step(
      name,
      (_: unknown, ctx) =>
        new Promise<string[]>((resolve) =>
          ctx.clock.after(ms, name, () => {
            answers.push(name)
            resolve(answers)
          }),
        ),
    )
  return pipeline(
    'ask both',
    step('begin', (topic: unknown) => {
      answers = []
      return topic
    }),
    parallel('race', { a: asks('a', 10), b: asks('b', 50) }, { join: first(), settleMs: 0 }),
  )
}

judgeMutants([
  {
    oracle: 'late-loser',
    bug: 'a branch that its join has left behind writes to what the run has given back',
    mutations: [
      {
        file: 'run/leaves/settle.ts',
        from: 'output: attempt.over ? returned : kept(returned)',
        to: 'output: returned',
      },
    ],
    subject: branches,
  },
])
