import { ConfigurationError, parallel, quorum, select, step } from 'shakedown'
import { expect, test } from 'vitest'

test('everything wrong with a join is told at once, naming the node', () => {
  const build = (): unknown =>
    parallel('p', { a: step('a', () => 1), b: step('b', () => 1) }, {
      join: quorum(3),
      merge: select('c'),
      missing: 'drop',
      onBranchFailure: 'collect',
    } as never)
  expect(build).toThrow(ConfigurationError)
  expect(build).toThrow(
    [
      "Expected the quorum of parallel 'p' to be an integer from 1 to 2, which is how many branches it has, got 3.",
      'Expected `merge` of parallel \'p\' to select one of its branches a, b, got "c".',
      "Expected `missing` of parallel 'p' to be 'fail' or 'quarantine', got \"drop\".",
      "Expected `onBranchFailure` of parallel 'p' without `join`, `merge` and `missing`, which decide what a lost branch means, got both.",
    ].join('\n'),
  )
})
