import { isolate } from '../../../src/context/isolate.ts'
import { measure, printRows } from '../rounds.ts'
import { OURS } from './ours.ts'

/** Every attempt is given a copy of its input. */
export async function copies(): Promise<void> {
  const inputs = {
    '10 000 rows': Array.from({ length: 10_000 }, (_, id) => ({
      id,
      name: `row ${id}`,
      price: id / 7,
      ok: true,
    })),
    'a small object': { id: 7, name: 'x', nested: { a: 1, b: 'two' } },
    'a small object with lists': { id: 7, tags: ['a', 'b'], items: [{ n: 1 }, { n: 2 }] },
  }
  const contender = (name: string, copy: (value: unknown) => unknown, input: unknown) => ({
    name,
    run: async (times: number) => {
      for (let i = 0; i < times; i++) copy(input)
    },
  })
  for (const [what, input] of Object.entries(inputs)) {
    const rows = await measure(
      [
        contender('structuredClone', structuredClone, input),
        contender(OURS, isolate, input),
        contender('bare copy (no cycles, no symbols)', bareCopy, input),
      ],
      { rounds: 30, times: Array.isArray(input) ? 5 : 20_000 },
    )
    printRows(`copying ${what}`, rows, { [OURS]: 0.5 })
  }
}

function bareCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(bareCopy)
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) copy[key] = bareCopy((value as Record<string, unknown>)[key])
  return copy
}
