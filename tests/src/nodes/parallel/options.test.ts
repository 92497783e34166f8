import { ConfigurationError, isNode, parallel, type ParallelOptions, step } from 'shakedown'
import { expect, test } from 'vitest'

const one = step('one', (n: number) => n)

/** What building it throws, line by line. */
function problems(...given: readonly unknown[]): string[] {
  try {
    ;(parallel as (...args: readonly unknown[]) => unknown)(...given)
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split('\n')
    throw error
  }
  return []
}

test('a parallel node is a frozen node with its defaults filled in', () => {
  const node = parallel('both', { a: one, b: one })
  expect(isNode(node)).toBe(true)
  expect(Object.isFrozen(node)).toBe(true)
  expect(node.policy).toEqual({
    onBranchFailure: 'cancel',
    settleMs: 30_000,
    concurrency: Infinity,
    include: undefined,
    context: 'error-on-conflict',
    onConflict: undefined,
  })
})

test('options are what they were when it was built', () => {
  const include = ['a']
  const node = parallel('both', { a: one }, { include, settleMs: 0, concurrency: 1 })
  include.push('b')
  expect(node.policy).toMatchObject({ include: ['a'], settleMs: 0, concurrency: 1 })
})

test('no branches is refused', () => {
  expect(problems('p', {})).toEqual(["Expected parallel 'p' to have at least one branch, got none."])
  const wrong = [undefined, [one], 'a'].flatMap((branches) => problems('p', branches))
  expect(wrong).toEqual(
    ['nothing', 'a list', '"a"'].map(
      (got) => `Expected the branches of parallel 'p' to be an object of nodes by name, got ${got}.`,
    ),
  )
})

test('names that would break a path or the declared order are refused', () => {
  for (const name of ['a/b', '#', '', '__proto__', '0', '7', '4294967294']) {
    expect(problems('p', Object.fromEntries([[name, one]]))).toHaveLength(1)
  }
  expect(problems('p', { 7: one })).toEqual([
    `Expected the name of a branch of parallel 'p' not to look like an integer, which would break the declared order, got "7".`,
  ])
  for (const name of ['01', '-1', '1.5', 'a7', '7 a']) expect(problems('p', { [name]: one })).toEqual([])
})

test.for<[given: object, message: string]>([
  [{ onBranchFailure: 'canel' }, "Expected `onBranchFailure` of parallel 'p' to be valid: "],
  [{ settleMs: -1 }, "Expected `settleMs` of parallel 'p' to be valid: "],
  [{ settleMs: Infinity }, "Expected `settleMs` of parallel 'p' to be valid: "],
  [{ concurrency: 0 }, "Expected `concurrency` of parallel 'p' to be valid: "],
  [{ concurrency: 1.5 }, "Expected `concurrency` of parallel 'p' to be valid: "],
  [{ include: 'key' }, "Expected `include` of parallel 'p' to be valid: "],
  [{ context: 'last-wins' }, "Expected `context` of parallel 'p' to be valid: "],
  [{ onConflict: 'overwrite' }, "Expected `onConflict` of parallel 'p' to be valid: "],
  [
    { onBranchFail: 'cancel' },
    "Unknown option `onBranchFail` of parallel 'p'. Did you mean `onBranchFailure`?",
  ],
  [{ context: 'none', onConflict: () => 1 }, "Expected `context` or `onConflict` of parallel 'p', got both."],
])('%o is refused', ([given, message]) => {
  const found = problems('p', { a: one }, given)
  expect(found).toHaveLength(1)
  expect(found[0]).toContain(message)
})

test('options that are no object are refused', () => {
  for (const given of [null, 7, [], 'cancel']) expect(problems('p', { a: one }, given)).toHaveLength(1)
})

test('an option that is given as undefined has its default', () => {
  const options: ParallelOptions = { onBranchFailure: undefined, settleMs: undefined, concurrency: undefined }
  expect(parallel('p', { a: one }, options).policy).toEqual(parallel('p', { a: one }).policy)
})

test('everything that is wrong is told at once, each with the name of the node', () => {
  const found = problems(
    'p',
    { 0: one, 'a/b': one, c: { ...one }, d: () => 1 },
    { settleMs: 'long', concurrency: -1, colour: 'red', also: 1 },
  )
  expect(found).toEqual([
    expect.stringContaining('not to look like an integer'),
    expect.stringContaining('got "a/b"'),
    "Expected branch 'c' of parallel 'p' to be a node made by a builder such as step() or pipeline(), got a copy or an imitation of one.",
    "Expected branch 'd' of parallel 'p' to be a node made by a builder such as step() or pipeline(), got a function.",
    expect.stringContaining('`settleMs`'),
    expect.stringContaining('`concurrency`'),
    expect.stringContaining('`colour`'),
    expect.stringContaining('`also`'),
  ])
  for (const problem of found) expect(problem).toContain("parallel 'p'")
})
