import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Breaker, type BreakerTransition, type Permit } from '../../../src/policy/breaker.ts'
import { casesOf } from '../../support/nightly.ts'

const OPTIONS = { failuresMax: 3, coolDownMs: 1_000 }

/** A breaker with a clock that tests set. */
function breakerAt() {
  const clock = { nowMs: 0 }
  const breaker = new Breaker(OPTIONS, () => clock.nowMs)
  const admitted = (): Permit => {
    const admission = breaker.admit()
    if ('kind' in admission) throw new Error('expected to be admitted')
    return admission.permit
  }
  const fail = (times: number): void => {
    for (let i = 0; i < times; i++) admitted().failed()
  }
  return { breaker, clock, admitted, fail }
}

test('it opens after so many failures in a row, and refuses calls until its time has come', () => {
  const { breaker, clock, fail } = breakerAt()
  fail(2)
  expect(breaker.state).toEqual({ kind: 'closed', failures: 2 })
  fail(1)
  expect(breaker.state).toEqual({ kind: 'open', untilMs: 1_000 })
  clock.nowMs = 999.9
  expect(breaker.admit()).toEqual({ kind: 'refused', untilMs: 1_000 })
  clock.nowMs = 1_000
  expect(breaker.refuses()).toBe(false)
  expect(breaker.admit()).toMatchObject({ transition: { from: 'open', to: 'half-open', atMs: 1_000 } })
})

test('a success while it is closed starts the count again', () => {
  const { breaker, admitted, fail } = breakerAt()
  fail(2)
  admitted().succeeded()
  fail(2)
  expect(breaker.state).toEqual({ kind: 'closed', failures: 2 })
})

test('one probe at a time, which closes it or opens it for as long again', () => {
  const { breaker, clock, admitted, fail } = breakerAt()
  fail(3)
  clock.nowMs = 1_000
  const probe = admitted()
  expect(breaker.admit()).toEqual({ kind: 'refused', untilMs: undefined })
  clock.nowMs = 1_500
  expect(probe.failed()).toEqual({ from: 'half-open', to: 'open', atMs: 1_500 })
  expect(breaker.state).toEqual({ kind: 'open', untilMs: 2_500 })
  clock.nowMs = 2_500
  expect(admitted().succeeded()).toMatchObject({ from: 'half-open', to: 'closed' })
  expect(breaker.state).toEqual({ kind: 'closed', failures: 0 })
})

test('a probe that its caller ended has shown nothing: the next call is one', () => {
  const { breaker, clock, admitted, fail } = breakerAt()
  fail(3)
  clock.nowMs = 1_000
  admitted().released()
  expect(breaker.state).toEqual({ kind: 'half-open', probing: false })
  admitted().succeeded()
  expect(breaker.state.kind).toBe('closed')
})

test('a call that is answered after it has opened changes nothing, and no permit counts twice', () => {
  const { breaker, clock, admitted, fail } = breakerAt()
  const slow = admitted()
  const twice = admitted()
  twice.failed()
  twice.failed()
  expect(breaker.state).toEqual({ kind: 'closed', failures: 1 })
  fail(2)
  expect(slow.succeeded()).toBeUndefined()
  expect(breaker.state.kind).toBe('open')
  clock.nowMs = 1_000
  admitted()
  slow.released()
  expect(breaker.state).toEqual({ kind: 'half-open', probing: true })
})

test('whoever waits hears at once that it has opened', () => {
  const { breaker, fail } = breakerAt()
  let heard = 0
  const forget = breaker.onOpen(() => heard++)
  fail(2)
  expect(heard).toBe(0)
  fail(1)
  expect(heard).toBe(1)
  forget()
})

const LEGAL = new Set(['closed → open', 'open → half-open', 'half-open → closed', 'half-open → open'])

const action = fc.oneof(
  fc.record({ kind: fc.constant('call' as const) }),
  fc.record({ kind: fc.constantFrom('succeeded', 'failed', 'released'), which: fc.nat(7) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 500, 999, 1_000) }),
)

test('under any schedule only legal edges, one probe at a time, and never open before its time', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (schedule) => {
      const { breaker, clock } = breakerAt()
      const open: { permit: Permit; probe: boolean }[] = []
      const wrong: string[] = []
      const must = (holds: boolean, what: string): void => void (holds || wrong.push(what))
      let openedMs = -Infinity
      const note = (transition: BreakerTransition | undefined): void => {
        if (transition === undefined) return
        const { from, to } = transition
        must(LEGAL.has(`${from} → ${to}`) && breaker.state.kind === to, `${from} → ${to}`)
        must(to !== 'half-open' || clock.nowMs >= openedMs + 1_000, 'a probe before its time')
        if (to === 'open') openedMs = clock.nowMs
      }
      for (const each of schedule) {
        if (each.kind === 'wait') clock.nowMs += each.ms
        else if (each.kind === 'call') {
          const refuses = breaker.refuses()
          const admission = breaker.admit()
          must('kind' in admission === refuses, 'it says something else than it does')
          if ('kind' in admission) continue
          note(admission.transition)
          open.push({ permit: admission.permit, probe: breaker.state.kind === 'half-open' })
        } else {
          const [one] = open.splice(each.which, 1)
          if (one !== undefined) note(one.permit[each.kind as 'failed']())
        }
        const { state } = breaker
        const probes = open.filter(({ probe }) => probe).length
        must(probes <= 1, 'two probes')
        must(
          (state.kind === 'half-open' && state.probing) === (probes === 1),
          'a probe that it does not know of',
        )
        must(state.kind !== 'closed' || state.failures < 3, 'closed after three failures')
      }
      expect(wrong).toEqual([])
    }),
    { numRuns: casesOf(1_000, 100_000) },
  )
})
