import { createRegistry, functionAdapter, route, step } from 'shakedown'
import { type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'

test('what a fault has made deaf is not remarked where it has a signal, and neither is a health check', async () => {
  const hearing = step('a', (text: string, { signal }) => (signal.throwIfAborted(), text))
  for (const deaf of ['hang', 'late(500)'] as const) {
    const left = scenario('left').subject(hearing).input('x').on('step:a', deaf).abort(15)
    expect(await runScenario(left)).toMatchObject({ status: 'cancelled', problems: [], remarks: [] })
  }
  const given = async (_: unknown, { fn, signal }: Ports) => {
    const gone = new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason as Error)),
    )
    await Promise.race([fn('a', async (_options: { signal: AbortSignal }) => 1)({ signal }), gone])
  }
  const function_ = scenario('left').subject(given).input(null).on('fn:a', 'hang').abort(15)
  expect(await runScenario(function_)).toMatchObject({ problems: [], remarks: [] })
  const one = functionAdapter('one', async () => 1, { health: async () => true })
  const asked = route('r', { adapters: createRegistry([one], { health: { timeoutMs: 100 } }) })
  const unwell = scenario('left').subject(asked).input({}).on('adapter:one health', 'delay(50)').abort(10)
  expect(await runScenario(unwell)).toMatchObject({ status: 'cancelled', problems: [], remarks: [] })
})
