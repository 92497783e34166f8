import { type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { seedOf } from '../../../harness/world/seed-of.ts'

test('name and seed each make another seed of 32 bits', () => {
  const seeds = [
    { name: 'a', seed: 1 },
    { name: 'b', seed: 1 },
    { name: 'a', seed: 2 },
    { name: '1 a', seed: 1 },
  ].map(seedOf)
  expect(new Set(seeds).size).toBe(4)
  expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)).toBe(true)
})

test('the ids of two scenarios do not meet in what both write to; those of one scenario are the same again', async () => {
  const idOf = async (name: string) => {
    const named = scenario(name)
      .subject((_: unknown, ports: Ports) => ports.fn('id', () => crypto.randomUUID())())
      .input(null)
    return (await runScenario(named)).output
  }
  expect(await idOf('one')).not.toBe(await idOf('two'))
  expect(await idOf('one')).toBe(await idOf('one'))
})
