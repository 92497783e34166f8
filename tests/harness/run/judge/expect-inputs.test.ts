import { step } from 'shakedown'
import { type CallsExpectation, type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'

test('an argument that is a list stands in the list of arguments, options without their signal', async () => {
  const subject = (_: unknown, ports: Ports): void => {
    const send = ports.fn('send', (_ids: readonly number[], _options?: object) => {})
    send([1, 2])
    send([1, 2], { signal: ports.signal, urgent: true })
  }
  const { problems } = await runScenario(
    scenario('lists')
      .subject(subject)
      .input(null)
      .expect({ calls: { 'fn:send': { inputs: [[[1, 2]], [[1, 2], { urgent: true }]] } } }),
  )
  expect(problems).toEqual([])
})

test('several arguments stand in a list, without the signal after them; a list of one that a step got stays a list', async () => {
  const sends = scenario('sends')
    .subject((_: unknown, ports: Ports) => {
      const send = ports.fn('send', (_id: number, _text?: string, _options?: object) => {})
      send(1, 'a', { signal: ports.signal })
      send(2, 'b')
    })
    .input(null)
  const inputs = (...each: NonNullable<CallsExpectation['inputs']>[]) => ({
    calls: { 'fn:send': { inputs: each as never } },
  })
  expect((await runScenario(sends.expect(inputs([1, 'a'] as never, [2, 'b'] as never)))).problems).toEqual([])
  expect((await runScenario(sends.expect(inputs(1 as never, 2 as never)))).problems).toHaveLength(1)
  const sum = scenario('sum')
    .subject(step('sum', (numbers: number[]) => numbers.length))
    .input([7])
  expect((await runScenario(sum.expect({ calls: { 'step:sum': { inputs: [[7]] } } }))).problems).toEqual([])
  expect((await runScenario(sum.expect({ calls: { 'step:sum': { inputs: [7] } } }))).problems).toHaveLength(1)
})

test('a key that is called signal and is none says what the call is for', async () => {
  const trades = scenario('trades').subject(async (_: unknown, { fn }: Ports) => {
    const trade = fn('trade', async (_order: { signal: string }) => {})
    await trade({ signal: 'buy' })
    await trade({ signal: 'sell' })
  })
  const calls = (inputs: NonNullable<CallsExpectation['inputs']>) => ({ calls: { 'fn:trade': { inputs } } })
  expect((await runScenario(trades.expect(calls([{ signal: 'buy' }, { signal: 'sell' }])))).problems).toEqual(
    [],
  )
  expect((await runScenario(trades.expect(calls('same')))).problems).toHaveLength(1)
})
