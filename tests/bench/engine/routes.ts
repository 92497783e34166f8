import { type CircuitBreakerPolicy, ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel'
import { createEngine, functionAdapter, route } from 'shakedown'
import { measure, printRows } from '../rounds.ts'
import { OURS } from './ours.ts'

type Work = (n: number) => Promise<number>

/** A task through the first of two adapters, and through the second one when the first fails; statistics are kept. */
export async function routes(): Promise<void> {
  const works: Work = async (n) => n + 1
  const fails: Work = async () => {
    throw new Error('Connection timeout')
  }
  for (const [what, first] of [
    ['the first adapter does the task', works],
    ['the first adapter fails, the second one does it', fails],
  ] as const) {
    const adapters = [functionAdapter('first', first), functionAdapter('second', works)]
    // Without circuit breakers: one that is open would save the failing adapter's attempts on one side only.
    const node = route('ask', { adapters, maxAttempts: 1, breaker: false })
    const engine = createEngine()
    const byHand = handWritten([first, works])
    const breakers = [circuitBreaker(handleAll, BREAKER), circuitBreaker(handleAll, BREAKER)]
    const rows = await measure(
      [
        {
          name: 'hand-written loop with counters',
          run: async (times) => {
            for (let i = 0; i < times; i++) await byHand(i)
          },
        },
        {
          name: OURS,
          run: async (times) => {
            for (let i = 0; i < times; i++) await engine.run(node, i)
          },
        },
        {
          name: 'cockatiel circuit breakers (no counters)',
          run: async (times) => {
            for (let i = 0; i < times; i++) await firstOf(breakers, [first, works], i)
          },
        },
      ],
      { rounds: 30, times: 2_000 },
    )
    printRows(`route with statistics: ${what}`, rows, {})
  }
}

/** Never opens: what is measured is its bookkeeping. */
const BREAKER = { halfOpenAfter: 1_000, breaker: new ConsecutiveBreaker(Number.MAX_SAFE_INTEGER) }

async function firstOf(
  breakers: readonly CircuitBreakerPolicy[],
  adapters: readonly Work[],
  input: number,
): Promise<number> {
  for (const [index, breaker] of breakers.entries()) {
    try {
      return await breaker.execute(() => adapters[index]!(input))
    } catch {
      continue
    }
  }
  throw new Error('all adapters failed')
}

interface Counters {
  successes: number
  failures: number
  attempts: number
  readonly latencies: number[]
}

/** What a careful person writes: a record of each attempt, and for each adapter counters and its latest 1 000 latencies. */
function handWritten(adapters: readonly Work[]) {
  const counters = adapters.map((): Counters => ({ successes: 0, failures: 0, attempts: 0, latencies: [] }))
  return async (input: number) => {
    const attempts: object[] = []
    const fallbackChain: number[] = []
    for (const [index, adapter] of adapters.entries()) {
      const count = counters[index]!
      fallbackChain.push(index)
      count.attempts++
      const startedMs = performance.now()
      try {
        const output = await adapter(input)
        const latencyMs = performance.now() - startedMs
        attempts.push({ adapter: index, success: true, latencyMs })
        count.successes++
        if (count.latencies.push(latencyMs) > 1_000) count.latencies.shift()
        return { success: true, adapter: index, result: output, fallbackChain, attempts }
      } catch (error) {
        attempts.push({
          adapter: index,
          success: false,
          latencyMs: performance.now() - startedMs,
          error: (error as Error).message,
        })
        count.failures++
      }
    }
    return { success: false, fallbackChain, attempts }
  }
}
