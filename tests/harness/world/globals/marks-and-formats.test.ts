import { setTimeout as sleep } from 'node:timers/promises'
import { type Ports, runScenario, scenario, WALL_START_MS } from 'shakedown/harness'
import { expect, test } from 'vitest'

const told = async (use: () => unknown): Promise<unknown> => {
  const tells = scenario('tells').subject(async (_: unknown, ports: Ports) => {
    const value = await use()
    return ports.fn('tell', () => value)()
  })
  const { problems, output } = await runScenario(tells, { replay: false })
  expect(problems).toEqual([])
  return output
}

test('what is measured with performance is virtual', async () => {
  const measured = await told(async () => {
    const began = performance.mark('began')
    const said = performance.mark('said', { startTime: 5, detail: 'kept' })
    await sleep(60_000)
    const parts = [
      performance.measure('from a mark', 'began'),
      performance.measure('from a mark, with more', { start: 'began', detail: 'kept' }),
      performance.measure('from the beginning'),
      performance.measure('between marks', 'said', 'began'),
      performance.measure('so long', { start: 'said', duration: 7 }),
    ].map(({ startTime, duration, detail }) => [startTime, duration, detail as unknown])
    performance.clearMarks()
    performance.clearMeasures()
    return [[began.startTime, said.startTime, said.detail], ...parts]
  })
  expect(measured).toEqual([
    [1_000, 5, 'kept'],
    [1_000, 60_000, null],
    [1_000, 60_000, 'kept'],
    [0, 61_000, null],
    [5, 995, null],
    [5, 7, null],
  ])
})

test.for<[string, () => unknown]>([
  ['a mark without a name', () => performance.mark(...([] as unknown as [string]))],
  ['a mark before the beginning', () => performance.mark('a', { startTime: -1 })],
  ['a measure from a mark that is not there', () => performance.measure('a', 'not there')],
  ['a measure from nowhere', () => performance.measure('a', {})],
  ['a measure with two ends', () => performance.measure('a', { start: 1 } as never, 'b')],
])('%s: what Node refuses is refused in its words', async ([, ask]) => {
  const refusal = (): string => {
    try {
      return String(ask())
    } catch (error) {
      return String(error)
    }
  }
  expect(await told(refusal)).toBe(refusal())
})

test('a date in words that is not given is now', async () => {
  const options = { timeZone: 'UTC', dateStyle: 'short', timeStyle: 'medium' } as const
  const words = new Intl.DateTimeFormat('en', options)
  const atStart = words.format(WALL_START_MS + 60_000)
  const before = [Object.getOwnPropertyDescriptor(Intl.DateTimeFormat.prototype, 'format')?.get]
  const parts = words.formatToParts(WALL_START_MS + 60_000)
  const said = await told(async () => {
    await sleep(60_000)
    return [words.format(), words.format(0), words.formatToParts(), words.format === words.format]
  })
  expect(said).toEqual([atStart, words.format(0), parts, true])
  expect(words.format()).not.toBe(atStart)
  expect([Object.getOwnPropertyDescriptor(Intl.DateTimeFormat.prototype, 'format')?.get]).toEqual(before)
})
