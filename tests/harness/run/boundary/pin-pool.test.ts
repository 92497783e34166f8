import { expect, test } from 'vitest'
import { PinPool } from '../../../../harness/run/boundary/pin-pool.ts'
import { Pins } from '../../../../harness/world/pins.ts'

test('a lent pin lets time pass, and holds it again when it is given back', () => {
  const pins = new Pins()
  const pool = new PinPool(pins)
  const release = pool.hold('fetch')
  const giveBack = pool.lend()
  expect(pins.held).toBe(false)
  giveBack()
  expect(pins.points()).toEqual(['fetch'])
  release()
  expect(pins.held).toBe(false)
})

test('a pin whose client has hung up meanwhile is not held again', () => {
  const pins = new Pins()
  const pool = new PinPool(pins)
  const release = pool.hold('fetch')
  const giveBack = pool.lend()
  release()
  giveBack()
  expect(pins.held).toBe(false)
})

test('each lender gets a pin of its own, and one without a client lends nothing', () => {
  const pins = new Pins()
  const pool = new PinPool(pins)
  pool.hold('a')
  pool.hold('b')
  pool.lend()
  expect(pins.points()).toEqual(['b'])
  pool.lend()
  expect(pins.held).toBe(false)
  pool.lend()()
  expect(pins.held).toBe(false)
})

test('releasing all holds nothing any more', () => {
  const pins = new Pins()
  const pool = new PinPool(pins)
  pool.hold('a')
  pool.hold('b')
  pool.releaseAll()
  expect(pins.held).toBe(false)
})
