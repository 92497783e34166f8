import nodeCrypto, { randomBytes, randomFill, randomFillSync, randomInt, randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { type Ports, runScenario, scenario, WALL_START_MS } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { GlobalTimeline } from '../../../../harness/world/globals/global-timeline.ts'

const drawing = scenario('draws')
  .subject(async (_: unknown, ports: Ports) => {
    ports.fn('note', () => {})()
    return [
      randomBytes(8).toString('hex'),
      // Node takes the whole ones.
      randomBytes(2.5).length,
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
    2,
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

/** Fills in every way there is; each answer is what of the target is not 0 any more. */
const filling = scenario('fills')
  .subject(async (_: unknown, ports: Ports) => {
    ports.fn('note', () => {})()
    const drawn = (view: ArrayBufferView | ArrayBuffer): number[] => [
      ...(ArrayBuffer.isView(view)
        ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
        : new Uint8Array(view)),
    ]
    const later = (...given: unknown[]): Promise<ArrayBufferView> =>
      new Promise((resolve, reject) =>
        Reflect.apply(randomFill as (...all: unknown[]) => void, undefined, [
          ...given,
          (error: Error | null, filled: ArrayBufferView) =>
            error === null ? resolve(filled) : reject(error),
        ]),
      )
    return [
      drawn(randomFillSync(new Uint8Array(4))),
      drawn(randomFillSync(new ArrayBuffer(4) as never)),
      drawn(randomFillSync(new Uint16Array(4), 1, 2)),
      drawn(randomFillSync(Buffer.alloc(4), 3)),
      drawn(await later(new Uint8Array(4))),
      drawn(await later(new Uint32Array(3), 2)),
      drawn(await later(new Uint8Array(4), 0, 1)),
      ((await promisify(randomFill)(new Uint8Array(2))) as Uint8Array).length,
    ]
  })
  .input(null)
  .timers('global')

test('what randomFill and randomFillSync fill is drawn from the seed, and only what was asked for', async () => {
  const drawn = async (seed: number): Promise<unknown[]> =>
    (await runScenario(filling.seed(seed))).output as unknown[]
  const first = await drawn(1)
  expect(await drawn(1)).toEqual(first)
  expect(await drawn(2)).not.toEqual(first)
  const [some, zero] = [expect.any(Number), 0]
  expect(first).toEqual([
    [some, some, some, some],
    [some, some, some, some],
    [zero, zero, some, some, some, some, zero, zero],
    [zero, zero, zero, some],
    [some, some, some, some],
    [zero, zero, zero, zero, zero, zero, zero, zero, some, some, some, some],
    [some, zero, zero, zero],
    2,
  ])
  expect((first[2] as number[]).slice(2, 6)).not.toEqual([0, 0, 0, 0])
  expect((first[5] as number[]).slice(8)).not.toEqual([0, 0, 0, 0])
})

test.for<[string, () => unknown]>([
  ['an offset beyond it', () => randomFillSync(new Uint8Array(4), 5)],
  ['more than it has', () => randomFillSync(new Uint8Array(4), 1, 4)],
  ['a size that is no number', () => randomFillSync(new Uint8Array(4), 0, '1' as never)],
  ['a text', () => randomFillSync('text' as never)],
  ['no callback', () => randomFill(new Uint8Array(4), 0 as never)],
  ['an offset that is a text', () => randomFillSync(new Uint8Array(4), '1' as never)],
  ['an offset below 0', () => randomFillSync(new Uint8Array(4), -1)],
  ['no callback at all', () => Reflect.apply(randomFill, undefined, [new Uint8Array(4)] as never)],
  ['less than no byte', () => randomBytes(-1)],
  ['a range that is too wide', () => randomInt(0, 2 ** 48)],
  ['half a number', () => randomInt(0.5)],
  ['a number that is not exact', () => randomInt(2 ** 53, 2 ** 53 + 2)],
])('%s is refused as Node refuses it', async ([_name, draw]) => {
  const codeOf = (): unknown => {
    try {
      return draw()
    } catch (error) {
      return `${(error as NodeJS.ErrnoException).code}: ${String(error)}`
    }
  }
  expect(codeOf()).toMatch(/^ERR_/)
  const refused = scenario('refused')
    .subject((_: unknown, ports: Ports) => {
      ports.fn('note', () => {})()
      return codeOf()
    })
    .input(null)
    .timers('global')
    .expect({ output: codeOf() as string })
  expect((await runScenario(refused)).problems).toEqual([])
})

test('code outside of the scenario keeps what is real while it runs: randomness, and what is refused', async () => {
  const timeline = new GlobalTimeline(WALL_START_MS)
  try {
    const fill = promisify(randomFill as (into: Uint8Array, done: (error: Error | null) => void) => void)
    const into = new Uint8Array(64)
    await fill(into)
    expect(randomFillSync(new Uint8Array(64))).not.toEqual(into)
    expect(randomBytes(64).equals(randomBytes(64))).toBe(false)
    expect((await promisify(randomBytes)(64)).equals(randomBytes(64))).toBe(false)
    expect(randomInt(5, 6)).toBe(5)
    expect(Math.random()).not.toBe(Math.random())
    expect(crypto.getRandomValues(new Uint8Array(64))).not.toEqual(into)
    expect(crypto.randomUUID()).not.toBe(randomUUID())
    expect(() => nodeCrypto.randomUUID('options' as never)).toThrow(/options/)
  } finally {
    timeline.uninstall()
  }
})
