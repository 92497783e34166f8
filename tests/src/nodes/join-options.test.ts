import { join, pipeline, quorum, step } from 'shakedown'
import { expect, test } from 'vitest'

const arrive = step('arrive', (part: { order: string; kind: string }) => part)
const whole = join('meet', {
  key: (part: { order: string; kind: string }) => part.order,
  branch: (part) => part.kind,
  branches: ['bill', 'parcel'],
})

test('everything wrong with a join is told when it is built', () => {
  const build = (): unknown =>
    join('', {
      key: 'order',
      branch: () => 'a',
      branches: ['a', 'a', '1'],
      policy: quorum(5),
      merge: 'deep',
      hm: 1,
    } as never)
  expect(build).toThrow(
    new RegExp(
      [
        'Expected the name of a join',
        'Unknown option `hm` of join ..',
        'Expected `key` of join .. to be valid: expected a function',
        'to have different names, got "a" twice',
        'not to look like an integer',
        'quorum of join .. to be an integer from 1 to 3',
        'Expected `merge` of join ..',
      ]
        .map((each) => `(?=[^]*${each})`)
        .join(''),
    ),
  )
  expect(() => arrive.fallback(whole as never)).toThrow(
    "Expected join 'meet' to be in pipelines alone, got it in fallback 'arrive'",
  )
  expect(() => pipeline('outer', pipeline('inner', whole))).not.toThrow()
})
