import { type Ports, scenario } from 'shakedown/harness'
import { test } from 'vitest'

const save = async ({ id }: { id: number }, ports: Ports): Promise<number> => ports.fn('save', () => id)()

test('what a caller calls with is what the subject takes, alone, among others and in phases', () => {
  const saves = scenario('saves').subject(save)
  saves.input({ id: 1 })
  saves.callers(3)
  saves.callers([{ input: { id: 1 } }, { atMs: 20 }])
  saves.phases([{ input: { id: 1 }, callers: [{ input: { id: 2 } }] }])
  // @ts-expect-error the subject takes an id
  saves.input('x')
  // @ts-expect-error the subject takes an id
  saves.callers([{ input: 'x' }])
  // @ts-expect-error the subject takes an id
  saves.phases([{ input: 'x' }])
  // @ts-expect-error the subject takes an id
  saves.phases([{ callers: [{ input: 'x' }] }])
})
