import { expect, test } from 'vitest'
import { clockFor, importedAt, timersFor } from '../../../../harness/world/globals/clock-for.ts'

const at = (wallMs: number) => ({ nowMs: 0, wallMs, originMs: wallMs })

test('what is imported at a moment is told that moment, and only by then', async () => {
  const outside: unknown[] = []
  const inside = importedAt(7_000, async () => {
    const atOnce = clockFor()
    expect(timersFor()).toBeDefined()
    await Promise.resolve()
    return [atOnce, clockFor()]
  })
  outside.push(clockFor(), timersFor())
  expect(await inside).toEqual([at(7_000), at(7_000)])
  outside.push(clockFor(), timersFor())
  expect(outside).toEqual([undefined, undefined, undefined, undefined])
})

test('what an import began in another time of its own has the real clocks, also when the import has failed', async () => {
  const later = Promise.withResolvers<unknown>()
  const failing = importedAt(7_000, async () => {
    setImmediate(() => later.resolve(clockFor()))
    throw new Error('no module')
  })
  await expect(failing).rejects.toThrow('no module')
  expect(await later.promise).toBeUndefined()
})
