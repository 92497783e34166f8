import { expect, test } from 'vitest'
import { FaultProgramError } from '../../../../harness/faults/grammar/fault-errors.ts'
import { parseFaultProgram } from '../../../../harness/faults/text/parse.ts'
import { FaultPlan } from '../../../../harness/faults/play/plan.ts'
import { requestPoint } from '../../../../harness/faults/points/http.ts'
import { parsePointPattern } from '../../../../harness/faults/text/point-pattern.ts'
import { printPointPattern } from '../../../../harness/faults/text/print.ts'
import { describeUnfired } from '../../../../harness/faults/play/vacuity.ts'
import { seededRandom } from '../../../../harness/world/seeded-random.ts'

function planOf(faults: Readonly<Record<string, string>>): FaultPlan {
  return new FaultPlan(
    Object.entries(faults).map(([point, text]) => {
      const pattern = parsePointPattern(point)
      return [pattern, parseFaultProgram(text, { kind: pattern.kind })] as const
    }),
  )
}

const neverDrawn = (): number => {
  throw new Error('randomness was drawn')
}

/** What `count` calls of a point meet, as printed steps; `-` where the real thing runs. */
function play(plan: FaultPlan, point: string, count: number, random = neverDrawn): string {
  return Array.from(
    { length: count },
    () => plan.next({ point, input: undefined }, random)?.text ?? '-',
  ).join(' ')
}

test('each step takes its calls in turn and the last one repeats', () => {
  expect(play(planOf({ 'step:a': '2*reject -> throw -> off' }), 'step:a', 6)).toBe(
    '2*reject 2*reject throw - - -',
  )
  expect(play(planOf({ 'step:a': 'off -> 2*reject' }), 'step:a', 5)).toBe(
    '- 2*reject 2*reject 2*reject 2*reject',
  )
  expect(play(planOf({ 'step:a': 'reject -> inf*hang' }), 'step:a', 3)).toBe('reject inf*hang inf*hang')
})

test('points without a program pass, and points do not share their scripts', () => {
  const plan = planOf({ 'step:a': 'reject -> off', 'fn:a': 'throw -> off' })
  expect(play(plan, 'step:b', 2)).toBe('- -')
  expect(play(plan, 'step:a', 2)).toBe('reject -')
  expect(play(plan, 'fn:a', 2)).toBe('throw -')
})

test('a call that chance does not draw passes and still counts', () => {
  const draws = [0.4, 0.5, 0.1]
  const plan = planOf({ 'step:a': '50%3*reject -> throw' })
  expect(play(plan, 'step:a', 4, () => draws.shift()!)).toBe('50%3*reject - 50%3*reject throw')
  expect(draws).toEqual([])
})

test('chance is drawn from the seed: equal seeds meet equal faults', () => {
  const plan = planOf({ 'step:a': '30%reject' })
  const first = play(plan, 'step:a', 100, seededRandom(7))
  plan.reset()
  expect(play(plan, 'step:a', 100, seededRandom(7))).toBe(first)
  plan.reset()
  expect(play(plan, 'step:a', 100, seededRandom(8))).not.toBe(first)
  plan.reset()
  play(plan, 'step:a', 10_000, seededRandom(7))
  expect(plan.firedCount / 10_000).toBeCloseTo(0.3, 1)
})

test('a pattern for one call wins there and the general program does not see that call', () => {
  const plan = planOf({ 'fn:save': '2*reject -> throw -> off', 'fn:save#2': 'hang', 'fn:save#9': 'hang' })
  expect(play(plan, 'fn:save', 5)).toBe('2*reject hang 2*reject throw -')
})

test('a pattern for one call alone leaves every other call alone', () => {
  expect(play(planOf({ 'fn:save#2': 'hang' }), 'fn:save', 4)).toBe('- hang - -')
})

test('a pattern for any method takes what no method of its own takes', () => {
  const plan = planOf({
    'http:* /orders': '3*dns -> off',
    'http:POST /orders': 'refused -> reset',
    'http:* /orders#4': 'hang',
  })
  expect(play(plan, 'http:GET /orders', 1)).toBe('3*dns')
  expect(play(plan, 'http:POST /orders', 2)).toBe('refused reset')
  // The fourth request of any method, whatever its own number.
  expect(play(plan, 'http:DELETE /orders', 4)).toBe('hang 3*dns 3*dns -')
  expect(play(plan, 'http:GET /other', 1)).toBe('-')
})

/** What one request meets. */
function request(plan: FaultPlan, method: string, url: string): string {
  const call = { point: requestPoint({ method, url }), input: { method, url } }
  return plan.next(call, neverDrawn)?.text ?? '-'
}

test('a request is known by method, path, host and query, whatever else it has', () => {
  const plan = planOf({
    'http:GET /items?page=2': 'inf*dns',
    'http:GET /tags?tag=b&tag=a': 'inf*hang',
    'http:* http://a.test/items': 'inf*reset',
  })
  expect(request(plan, 'GET', 'http://b.test/items?size=10&page=2')).toBe('inf*dns')
  expect(request(plan, 'get', 'http://b.test/items?page=2#top')).toBe('inf*dns')
  expect(request(plan, 'GET', 'http://b.test/items?page=3')).toBe('-')
  expect(request(plan, 'GET', 'http://b.test/items')).toBe('-')
  expect(request(plan, 'POST', 'http://b.test/items?page=2')).toBe('-')
  expect(request(plan, 'GET', 'http://b.test/items/2?page=2')).toBe('-')
  expect(request(plan, 'GET', 'http://b.test/tags?tag=a&tag=c&tag=b')).toBe('inf*hang')
  expect(request(plan, 'GET', 'http://b.test/tags?tag=a&tag=a')).toBe('-')
  expect(request(plan, 'PUT', 'http://a.test/items')).toBe('inf*reset')
  expect(request(plan, 'PUT', 'https://a.test/items')).toBe('-')
})

test('of several names for a request the one that says the most acts, in whatever order they are declared', () => {
  const faults = {
    'http:* /items': 'inf*dns',
    'http:GET /items': 'inf*reset',
    'http:* /items?page=2': 'inf*hang',
    'http:GET /items?page=2': 'inf*refused',
    'http:* /items?page=2&size=10': 'inf*status(500)',
    'http:* http://a.test/items': 'inf*status(503)',
  }
  for (const entries of [Object.entries(faults), Object.entries(faults).toReversed()]) {
    const plan = planOf(Object.fromEntries(entries))
    expect(request(plan, 'PUT', 'http://b.test/items')).toBe('inf*dns')
    expect(request(plan, 'GET', 'http://b.test/items')).toBe('inf*reset')
    expect(request(plan, 'PUT', 'http://b.test/items?page=2')).toBe('inf*hang')
    expect(request(plan, 'GET', 'http://b.test/items?page=2')).toBe('inf*refused')
    expect(request(plan, 'GET', 'http://b.test/items?size=10&page=2')).toBe('inf*status(500)')
    expect(request(plan, 'GET', 'http://a.test/items?size=10&page=2')).toBe('inf*status(503)')
  }
})

test('the number of a call counts the calls that its own name means', () => {
  const plan = planOf({ 'http:GET /items?page=2#2': 'dns' })
  const pages = [1, 2, 1, 2, 2].map((page) => request(plan, 'GET', `http://a.test/items?page=${page}`))
  expect(pages).toEqual(['-', '-', '-', 'dns', '-'])
})

test('a plan lists its patterns in declared order', () => {
  const plan = planOf({ 'http:* /x': 'dns', 'step:a#2': 'hang', 'http:POST /x': 'dns' })
  expect(plan.patterns.map(printPointPattern)).toEqual(['http:* /x', 'step:a#2', 'http:POST /x'])
})

test('a reset starts everything over', () => {
  const plan = planOf({ 'step:a': 'reject -> off', 'http:* /x#2': 'dns' })
  const round = (): unknown => [play(plan, 'step:a', 2), play(plan, 'http:GET /x', 2), plan.firedCount]
  const first = round()
  plan.reset()
  expect(plan.firedCount).toBe(0)
  expect(plan.unfired()).toHaveLength(2)
  expect(round()).toEqual(first)
})

test('every call that a fault acted on is counted', () => {
  const plan = planOf({ 'step:b': '2*reject -> off', 'step:a': 'throw@5' })
  play(plan, 'step:a', 1)
  play(plan, 'step:b', 4)
  expect(plan.firedCount).toBe(3)
})

test.each([
  ['reject -> throw', 2, []],
  ['reject -> throw', 1, ['Fault `throw` at `step:a` never fired: no call came to it.']],
  ['reject', 0, ['Fault `reject` at `step:a` never fired: no call came to it.']],
  // Running the real thing is no fault; waiting before it is one.
  ['off', 0, []],
  ['off -> reject', 1, ['Fault `reject` at `step:a` never fired: no call came to it.']],
  ['reject -> off', 1, []],
  ['reject -> off@50', 1, ['Fault `off@50` at `step:a` never fired: no call came to it.']],
  // A count is part of the script, but not the last step's, which repeats.
  ['3*reject -> off', 3, []],
  ['3*reject -> off', 2, ['Fault `3*reject` at `step:a` was to take 3 calls, but only 2 came.']],
  [
    '3*reject -> throw',
    2,
    [
      'Fault `3*reject` at `step:a` was to take 3 calls, but only 2 came.',
      'Fault `throw` at `step:a` never fired: no call came to it.',
    ],
  ],
  ['3*reject', 1, []],
  ['inf*reject', 1, []],
  ['3*off -> reject', 2, ['Fault `reject` at `step:a` never fired: no call came to it.']],
])('%s after %i calls leaves the right steps unfired', (text, calls, expected) => {
  const plan = planOf({ 'step:a': text })
  play(plan, 'step:a', calls)
  expect(plan.unfired().map(describeUnfired)).toEqual(expected)
})

test.each([
  [[0.9, 0.9], ['Fault `50%2*reject` at `step:a` never fired: of 2 calls, chance drew none.']],
  [[0.9], ['Fault `50%2*reject` at `step:a` never fired: of 1 call, chance drew none.']],
  [[0.1], ['Fault `50%2*reject` at `step:a` was to take 2 calls, but only 1 came.']],
  [[0.9, 0.1], []],
])(
  'a fault by chance with the draws %j must have been drawn once and been given its calls',
  (draws, expected) => {
    const plan = planOf({ 'step:a': '50%2*reject -> off' })
    play(plan, 'step:a', draws.length, () => draws.shift()!)
    expect(plan.unfired().map(describeUnfired)).toEqual(expected)
  },
)

test('a fault for a call that never came is unfired', () => {
  const plan = planOf({ 'fn:save#3': 'reject' })
  play(plan, 'fn:save', 2)
  expect(plan.unfired().map(describeUnfired)).toEqual([
    'Fault `reject` at `fn:save#3` never fired: no call came to it.',
  ])
})

function refusalOf(entries: ConstructorParameters<typeof FaultPlan>[0]): FaultProgramError {
  try {
    void new FaultPlan(entries)
  } catch (error) {
    if (error instanceof FaultProgramError) return error
    throw error
  }
  throw new Error('the plan was built')
}

test('a program whose verb the point does not have is refused with the point', () => {
  const error = refusalOf([[parsePointPattern('http:GET /x'), parseFaultProgram('reject')]])
  expect(error.message).toBe(
    '`http:GET /x`: Expected a verb of http points, got `reject`, a verb of step and fn and events and adapter points.',
  )
  expect(error.point).toBe('http:GET /x')
})

test('what goes wrong while a program is read, other than a mistake in it, passes as it is', () => {
  const unreadable = new RangeError('no steps today')
  const steps = (): never => {
    throw unreadable
  }
  const program = Object.defineProperty(parseFaultProgram('reject'), 'steps', { get: steps })
  expect(() => new FaultPlan([[parsePointPattern('fn:a'), program]])).toThrow(unreadable)
})

test('two programs for the same calls are refused', () => {
  const off = parseFaultProgram('off')
  const twice = (...points: string[]): FaultProgramError =>
    refusalOf(points.map((point) => [parsePointPattern(point), off]))
  expect(twice('http:post /x', 'http:POST /x').message).toBe(
    'Expected one fault program for `http:POST /x`, got two.',
  )
  expect(twice('fn:a#2', 'fn:a', 'fn:a#2').point).toBe('fn:a#2')
  expect(() => twice('fn:a#2', 'fn:a', 'fn:a#3', 'step:a', 'http:* /x', 'http:GET /x')).toThrow(
    'the plan was built',
  )
})

test.each(['3*reject', 'inf*reject', 'reject -> off'])('%s is too long a script for one call', (text) => {
  const error = refusalOf([[parsePointPattern('fn:a#2'), parseFaultProgram(text)]])
  expect(error.message).toContain('Expected one step without a count for `fn:a#2`')
  expect(error.hint).toBe('Write one pattern per call, or put the script on `fn:a`.')
  const tagged = refusalOf([[parsePointPattern('fn:a#2 where {"tag":"#1"}'), parseFaultProgram(text)]])
  expect(tagged.hint).toContain('put the script on `fn:a where {"tag":"#1"}`')
})

test('a fault that sticks to a request stays with all that are asked there, and with no other', () => {
  const plan = planOf({ 'http:GET /a': 'sticky*status(503)' })
  expect(play(plan, requestPoint({ method: 'GET', url: 'http://api.test/a' }), 3)).toBe(
    'sticky*status(503) sticky*status(503) sticky*status(503)',
  )
  expect(play(plan, requestPoint({ method: 'GET', url: 'http://api.test/b' }), 1)).toBe('-')
})
