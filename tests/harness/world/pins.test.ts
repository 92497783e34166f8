import { expect, test } from 'vitest'
import { Pins } from '../../../harness/world/pins.ts'

test('who waits for all pins is called once, when the last one is released', () => {
  const pins = new Pins()
  const first = pins.hold('first')
  const second = pins.hold('second')
  let calls = 0
  pins.onAllReleased(() => calls++)
  first()
  expect({ calls, held: pins.held, points: pins.points() }).toEqual({
    calls: 0,
    held: true,
    points: ['second'],
  })
  second()
  expect({ calls, held: pins.held }).toEqual({ calls: 1, held: false })
})

test('a pin that is released again releases nothing more', () => {
  const pins = new Pins()
  const release = pins.hold('first')
  release()
  let calls = 0
  pins.onAllReleased(() => calls++)
  release()
  expect(calls).toBe(0)
})
