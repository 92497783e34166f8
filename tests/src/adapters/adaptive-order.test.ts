import { SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
import {
  adaptiveOrder,
  latencyScore,
  scoreOf,
  wilsonLowerBound,
} from '../../../src/adapters/adaptive-order.ts'

// Values of the Wilson interval as published (Brown, Cai and DasGupta, 2001) and by hand.
test.for([
  [0, 0, 0],
  [0, 20, 0],
  [10, 10, 0.722_5],
  [8, 10, 0.490_2],
  [95, 100, 0.888_25],
  [1, 1, 0.206_5],
])('%i of %i tasks done is a success of at least %f', ([successes, tasks, bound]) => {
  expect(wilsonLowerBound(successes!, tasks!)).toBeCloseTo(bound!, 4)
})

test.for([
  [undefined, 0.5],
  [0, 1],
  [100, 1],
  [1_000, 0.5],
  [10_000, 0],
  [1_000_000, 0],
])('a median of %s ms scores %f', ([medianMs, score]) => {
  expect(latencyScore(medianMs)).toBeCloseTo(score!, 12)
})

const figures = (successes: number, tasks: number, medianMs?: number) => ({ successes, tasks, medianMs })

test('a profile says how much success counts against speed', () => {
  const quickAndBad = figures(60, 100, 50)
  const slowAndGood = figures(100, 100, 8_000)
  const better = (profile: Parameters<typeof scoreOf>[1]) =>
    scoreOf(quickAndBad, profile) > scoreOf(slowAndGood, profile) ? 'quick' : 'good'
  expect(better('interactive')).toBe('quick')
  expect(better('batch')).toBe('good')
  expect(scoreOf(quickAndBad, 'interactive')).toBeCloseTo(0.5 * wilsonLowerBound(60, 100) + 0.5, 12)
  expect(scoreOf(quickAndBad, 'batch')).toBeCloseTo(0.9 * wilsonLowerBound(60, 100) + 0.1, 12)
  expect(scoreOf(quickAndBad, 'default')).toBeCloseTo(0.7 * wilsonLowerBound(60, 100) + 0.3, 12)
  expect(scoreOf(quickAndBad, 'critical')).toBeCloseTo(0.8 * wilsonLowerBound(60, 100) + 0.2, 12)
})

const KNOWN: Record<string, ReturnType<typeof figures>> = {
  bad: figures(10, 100, 200),
  good: figures(99, 100, 200),
  new: figures(0, 19),
  known: figures(20, 20, 200),
  fair: figures(60, 100, 200),
}
const NEVER = { profile: 'default', explorationShare: 0 } as const
const order = (names: readonly string[], random: () => number, explorationShare = 0) =>
  adaptiveOrder(names, (name) => KNOWN[name]!, { ...NEVER, explorationShare }, random)

test('the best comes first; one with fewer than 20 tasks keeps its declared place', () => {
  expect(order(['bad', 'new', 'fair', 'good'], () => 0.9)).toEqual(['good', 'new', 'fair', 'bad'])
  expect(order(['new', 'bad'], () => 0.9)).toEqual(['new', 'bad'])
  expect(order(['bad', 'known'], () => 0.9)).toEqual(['known', 'bad'])
})

test('a small share of tasks begins with another one, and no adapter is lost by that', () => {
  const { random } = new SimWorld({ seed: 7 })
  const firsts = new Map<string, number>()
  for (let i = 0; i < 2_000; i++) {
    const ordered = order(['bad', 'fair', 'good'], random, 0.1)
    expect(ordered.toSorted()).toEqual(['bad', 'fair', 'good'])
    firsts.set(ordered[0]!, (firsts.get(ordered[0]!) ?? 0) + 1)
  }
  expect(firsts.get('good')).toBeGreaterThan(1_750)
  expect(firsts.get('good')).toBeLessThan(1_850)
  expect(firsts.get('bad')).toBeGreaterThan(60)
  expect(firsts.get('fair')).toBeGreaterThan(60)
})

test('the same seed gives the same orders', () => {
  const orders = (seed: number) => {
    const { random } = new SimWorld({ seed })
    return Array.from({ length: 50 }, () => order(['bad', 'fair', 'good'], random, 0.5).join())
  }
  expect(orders(3)).toEqual(orders(3))
  expect(orders(3)).not.toEqual(orders(4))
})
