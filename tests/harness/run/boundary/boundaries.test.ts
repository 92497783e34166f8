import { expect, test } from 'vitest'
import { FaultPlan } from '../../../../harness/faults/play/plan.ts'
import { Boundaries } from '../../../../harness/run/boundary/boundaries.ts'
import { SimWorld } from '../../../../harness/world/sim-world.ts'

test('a scenario whose calls have no end is stopped in words, and its real function is not called again', () => {
  const boundaries = new Boundaries(new SimWorld(), new FaultPlan([]))
  const call = { point: 'fn:loop', path: 'loop', tokenId: 't1', visit: 1, input: null, signal: undefined }
  let calls = 0
  const cross = (): unknown => boundaries.cross(call as never, () => calls++)
  for (let nth = 1; nth <= 100_000; nth++) cross()
  expect(cross).toThrow(new RangeError('Expected at most 100000 calls in one scenario, got more.'))
  expect(calls).toBe(100_000)
})

/** A boundary that lets so many calls through, and one call of it. */
function crossing(callsMax: number, real: () => unknown): () => unknown {
  const boundaries = new Boundaries(new SimWorld(), new FaultPlan([]), callsMax)
  const call = { point: 'fn:loop', path: 'loop', tokenId: 't1', visit: 1, input: null, signal: undefined }
  return () => boundaries.cross(call as never, real)
}

test('a hundred calls too many are errors; the next one never settles, so that who awaits it lets go', () => {
  const cross = crossing(1, () => 7)
  expect(cross()).toBe(7)
  for (let nth = 1; nth <= 100; nth++) expect(cross).toThrow('Expected at most 1 calls')
  expect(cross()).toBeInstanceOf(Promise)
})

test.for([
  ['a number', 7],
  ['nothing', null],
  ['an object with a property called then', JSON.parse('{"then":"tomorrow"}')],
])('%s comes back as it is, at once', ([, value]) => {
  expect(crossing(1, () => value)()).toBe(value)
})

test('what a library calls a promise is adopted, once', async () => {
  let asked = 0
  const then = (resolve: (value: string) => void): void => {
    asked++
    resolve('saved')
  }
  const thenable: unknown = Object.fromEntries(new Map([['then', then]]))
  const promise = crossing(1, () => thenable)()
  expect(promise).toBeInstanceOf(Promise)
  expect(await promise).toBe('saved')
  expect(asked).toBe(1)
})

test('what the real thing throws comes out as it is, where no caller waits, too', () => {
  const thrown = new Error('no ink')
  const cross = crossing(1, () => {
    throw thrown
  })
  expect(cross).toThrow(thrown)
})

test('what cannot be read comes back as it is', () => {
  const unreadable = new Proxy(
    {},
    {
      get: () => {
        throw new Error('not to be read')
      },
    },
  )
  expect(crossing(1, () => unreadable)() === unreadable).toBe(true)
})
