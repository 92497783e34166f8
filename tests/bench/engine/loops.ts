import { conversation, createEngine, loop, parallel, step, type Turn } from 'shakedown'
import { measure, printRows } from '../rounds.ts'
import { OURS } from './ours.ts'

const ROUNDS = 100
const TURNS = 1_000
/** Turns of an inner conversation, of which an outer one has as many as make up the same number. */
const INNER_TURNS = 10

/** A loop of a hundred iterations, each kept whole. */
export async function loops(): Promise<void> {
  const add = async (n: number): Promise<number> => n + 1
  const engine = createEngine()
  const node = loop('loop', step('add', add), { until: (n) => n === ROUNDS, maxIterations: ROUNDS })
  const rows = await measure(
    [
      {
        name: 'bare loop that keeps results',
        run: async (times) => {
          for (let i = 0; i < times; i++) {
            const kept: unknown[] = []
            for (let n = 0; n < ROUNDS;) {
              const startedMs = performance.now()
              n = await add(n)
              kept.push({ success: true, output: n, attempts: 1, latencyMs: performance.now() - startedMs })
            }
          }
        },
      },
      {
        name: OURS,
        run: async (times) => {
          for (let i = 0; i < times; i++) await engine.run(node, 0)
        },
      },
    ],
    { rounds: 30, times: 200 },
  )
  printRows(`loop of ${ROUNDS} iterations`, rows, {})
}

const say = async (n: number): Promise<number> => n + 1

/** A conversation of so many turns in one loop. */
function plain(turns: number) {
  return conversation('plain', step('say', say), {
    until: (_, { iteration }) => iteration === turns,
    maxIterations: turns,
  })
}

/** As many turns, in conversations inside a conversation. */
function nested() {
  const rounds = TURNS / INNER_TURNS
  const inner = conversation('inner', step('say', say), {
    until: (_, { iteration }) => iteration === INNER_TURNS,
    maxIterations: INNER_TURNS,
  })
  return conversation('outer', inner, {
    until: (_, { iteration }) => iteration === rounds,
    maxIterations: rounds,
  })
}

/** As many turns, of two branches each time. */
function branched() {
  const rounds = TURNS / 2
  const both = parallel('both', { a: step('a', () => 'a'), b: step('b', () => 'b') })
  return conversation('branched', both, {
    nextInput: () => 0,
    until: (_, { iteration }) => iteration === rounds,
    maxIterations: rounds,
  })
}

/** A conversation of a thousand turns, beside one whose author appends to a list of the context. */
export async function conversations(): Promise<void> {
  const engine = createEngine()
  const byHand = loop(
    'by hand',
    step('say', async (n: number, { context }) => {
      context.append('turns', { role: 'assistant', content: String(n + 1) } satisfies Turn)
      return n + 1
    }),
    { until: (_, { iteration }) => iteration === TURNS, maxIterations: TURNS },
  )
  const contender = (name: string, run: () => Promise<unknown>) => ({
    name,
    run: async (times: number) => {
      for (let i = 0; i < times; i++) await run()
    },
  })
  const [one, inside, beside, short] = [plain(TURNS), nested(), branched(), plain(TURNS / 10)]
  const bare = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) {
      const turns: Turn[] = []
      const kept: unknown[] = []
      for (let n = 0; n < TURNS; n++) {
        const startedMs = performance.now()
        const output = await say(n)
        turns.push({ role: 'assistant', content: String(output) })
        kept.push({ success: true, output, attempts: 1, latencyMs: performance.now() - startedMs })
      }
    }
  }
  const rows = await measure(
    [
      contender('a loop whose step appends by hand', () => engine.run(byHand, 0)),
      { name: 'no engine, results kept', run: bare },
      contender(OURS, () => engine.run(one, 0)),
      contender('shakedown, nested', () => engine.run(inside, 0)),
      contender('shakedown, over two branches', () => engine.run(beside, 0)),
      {
        name: 'ten of a tenth of the turns',
        run: async (times) => {
          for (let i = 0; i < times * 10; i++) await engine.run(short, 0)
        },
      },
    ],
    { rounds: 15, times: 5 },
  )
  const targets = { [OURS]: 10, 'shakedown, nested': 10, 'shakedown, over two branches': 10 }
  printRows(`conversation of ${TURNS} turns`, rows, targets)
}
