import nodeCrypto, { randomBytes, randomInt } from 'node:crypto'
import { promisify } from 'node:util'
import { type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'

const drawing = scenario('draws')
  .subject(async (_: unknown, ports: Ports) => {
    ports.fn('note', () => {})()
    return [
      randomBytes(8).toString('hex'),
      (await promisify(randomBytes)(4)).length,
      randomInt(1_000),
      randomInt(2 ** 40, 2 ** 40 + 10) - 2 ** 40,
      await new Promise((resolve) => randomInt(5, 6, (_error, value) => resolve(value))),
    ]
  })
  .input(null)
  .timers('global')

test('bytes and numbers of node:crypto are drawn from the seed, and put back', async () => {
  const before = [nodeCrypto.randomBytes, nodeCrypto.randomInt]
  const drawn = async (seed: number): Promise<unknown[]> => {
    const { problems, remarks, output } = await runScenario(drawing.seed(seed))
    expect([problems, remarks]).toEqual([[], []])
    return output as unknown[]
  }
  const first = await drawn(1)
  expect(await drawn(1)).toEqual(first)
  expect(await drawn(2)).not.toEqual(first)
  expect(first).toEqual([
    expect.stringMatching(/^[0-9a-f]{16}$/),
    4,
    expect.closeTo(500, -3),
    expect.closeTo(5, -1),
    5,
  ])
  expect([nodeCrypto.randomBytes, nodeCrypto.randomInt]).toEqual(before)
})

test('what Node refuses is refused in its words', async () => {
  const refused = scenario('refused')
    .subject((_: unknown, ports: Ports) => {
      ports.fn('note', () => {})()
      return [() => randomBytes(-1), () => randomInt(5, 5), () => randomBytes(1, 'no' as never)].map(
        (draw) => {
          try {
            return draw()
          } catch (error) {
            return (error as NodeJS.ErrnoException).code
          }
        },
      )
    })
    .input(null)
    .timers('global')
    .expect({ output: ['ERR_OUT_OF_RANGE', 'ERR_OUT_OF_RANGE', 'ERR_INVALID_ARG_TYPE'] })
  expect((await runScenario(refused)).problems).toEqual([])
})
