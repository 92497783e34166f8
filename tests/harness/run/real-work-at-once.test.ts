import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { first, type Node, parallel, type ParallelOptions, pipeline, step } from 'shakedown'
import { runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'

/** Two branches that wait for one and the same job; in every second run the other branch goes on first. */
function twoWaiting(job: () => Promise<unknown>, options: ParallelOptions = {}, forksAgain = false) {
  let runs = 0
  let common: Promise<unknown> | undefined
  const wait = (name: string, isLaterInRun: (run: number) => boolean) =>
    step(name, async () => {
      // The first that comes begins the job of both.
      if (common === undefined) runs++
      const running = (common ??= job())
      await running
      if (isLaterInRun(runs)) for (let turns = 0; turns < 50; turns++) await Promise.resolve()
      common = undefined
      return name
    })
  const [a, b] = [wait('a', (run) => run % 2 === 1), wait('b', (run) => run % 2 === 0)]
  const again = (name: string) => parallel(`fork ${name}`, { x: step('x', () => 1), y: step('y', () => 2) })
  const deep = (name: string, node: typeof a) => pipeline(`deep ${name}`, node, again(name))
  return forksAgain
    ? parallel('both', { a: deep('a', a), b: deep('b', b) }, options)
    : parallel('both', { a, b }, options)
}

const compress = () => promisify(gzip)('text')
const repeats = (subject: Node<unknown, unknown>) =>
  runScenario(scenario('two real jobs').subject(subject).input({}))

test('branches that do real work at once are repeatable, whichever ends first', async () => {
  const { problems, remarks } = await repeats(twoWaiting(compress))
  expect({ problems, remarks }).toEqual({ problems: [], remarks: [] })
})

test('the same where each branch forks again, in the order in which the work ends', async () => {
  const { problems, remarks } = await repeats(twoWaiting(compress, {}, true))
  expect({ problems, remarks }).toEqual({ problems: [], remarks: [] })
})

test('a join that takes the first of two real jobs is remarked, not failed', async () => {
  const { ok, remarks } = await repeats(twoWaiting(compress, { join: first() }))
  expect(ok).toBe(true)
  expect(remarks).toMatchObject([
    { code: 'E_NOT_REPEATABLE', message: expect.stringContaining('`repeatable: false`') },
  ])
})

test('without real work another order at one moment is a problem, as ever', async () => {
  const { problems } = await repeats(twoWaiting(() => Promise.resolve()))
  expect(problems).toMatchObject([{ code: 'E_ORACLE', oracle: 'same-digest' }])
})

test('a decompression that fails ends at once, and is tried again', async () => {
  const unpack = step('unpack', () => promisify(gunzip)('no gzip at all'), { retries: 1 })
  const subject = unpack.fallback(step('raw', () => 'raw'))
  const { problems, output, attempts } = await repeats(subject)
  expect({ problems, output, attempts }).toEqual({ problems: [], output: 'raw', attempts: 3 })
})
