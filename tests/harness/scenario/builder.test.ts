import { expect, expectTypeOf, test } from 'vitest'
import { fault } from '../../../harness/faults/fault.ts'
import { scenario, type ScenarioBuilder } from '../../../harness/scenario/builder.ts'
import { ScenarioFileError } from '../../../harness/scenario/file-problem.ts'
import { parseScenarios } from '../../../harness/scenario/file/load.ts'
import type { Ports } from '../../../harness/scenario/ports.ts'
import { pipeline, step } from '../../../src/index.ts'

const send = async (order: { id: number }, ports: Ports): Promise<number> => {
  await ports.fetch('http://127.0.0.1/orders', { method: 'POST' })
  return order.id
}

test('the builder and a YAML file make the same value', () => {
  const draft = step('draft', (topic: string) => topic)
  const built = scenario('both errors survive')
    .subject(draft)
    .input('tides')
    .on(draft, (f) => f.times(3).reject('ECONNRESET'))
    .on('http:post /orders', fault.times(2).reset().next.off())
    .on('fn:save#2', 'throw("no")')
    .seed(7)
    .http('nock')
    .timers('global')
    .expect({ status: 'failed', feedback: { contains: ['no'] }, attempts: { draft: 1 } })
    .expect({ calls: { 'http:post /orders': { min: 1 } } })
  const [written] = parseScenarios(
    `name: both errors survive
subject: ./draft.ts#draft
input: tides
faults:
  step:draft: 3*reject(ECONNRESET)
  http:POST /orders: 2*reset -> off
  fn:save#2: throw("no")
expect:
  status: failed
  feedback: { contains: [no] }
  attempts: { draft: 1 }
  calls: { http:POST /orders: { min: 1 } }
seed: 7
http: nock
timers: global
`,
    'x.scenario.yaml',
  )
  expect({ ...built.spec, subject: './draft.ts#draft' }).toStrictEqual(written!.spec)
})

test('a subject is a function, a step or a pipeline', () => {
  const draft = step('draft', (topic: string) => topic)
  expect(scenario('x').subject(send).subject).toEqual({ kind: 'function', run: send })
  expect(scenario('x').subject(draft).subject).toEqual({ kind: 'pipeline', node: draft })
  const article = pipeline('article', draft)
  expect(scenario('x').subject(article).subject).toEqual({ kind: 'pipeline', node: article })
  expect(() => scenario('x').subject(7 as never)).toThrow(
    /Expected the subject in .+builder\.test\.ts:\d+:\d+ to be a step, a pipeline or a function, got 7\./,
  )
})

test('inputs have the type of the subject', () => {
  const builder = scenario('x').subject(send)
  expectTypeOf(builder).toEqualTypeOf<ScenarioBuilder<{ id: number }>>()
  expectTypeOf<Parameters<typeof builder.input>>().toEqualTypeOf<[{ id: number }]>()
  expectTypeOf(scenario('x').subject(step('draft', (topic: string) => topic))).toEqualTypeOf<
    ScenarioBuilder<string>
  >()
})

test('every method gives back a new scenario, and the one before stays what it was', () => {
  const base = scenario('x').subject(send)
  const failing = base.on('http:POST /orders', 'reset')
  expect(base.spec.faults).toEqual({})
  expect(failing.spec.faults).toEqual({ 'http:POST /orders': 'reset' })
  expect(failing.on('http:POST /orders', 'off').spec.faults).toEqual({ 'http:POST /orders': 'off' })
})

test('who changes an input later does not change the scenario', () => {
  const input = { id: 7 }
  const built = scenario('x').subject(send).input(input)
  input.id = 8
  expect(built.spec.input).toEqual({ id: 7 })
})

test('only and skip are kept, with the reason', () => {
  const base = scenario('x').subject(send)
  expect(base.selection).toBeUndefined()
  expect(base.only().selection).toEqual({ kind: 'only' })
  expect(base.skip().selection).toEqual({ kind: 'skip', reason: undefined })
  expect(base.skip('not yet').selection).toEqual({ kind: 'skip', reason: 'not yet' })
})

test('what was written where is known, call by call', () => {
  const started = scenario('x').subject(send)
  const scripted = started.on('http:POST /orders', 'reset')
  const { file, positions } = scripted.expect({ virtualMs: 0 }).source!
  expect(file).toBe(import.meta.filename)
  const { line, column } = positions['']!
  expect(column).toBe(19)
  expect(positions['/subject']).toEqual({ line, column: 33 })
  expect(positions['/faults/http:POST ~1orders']).toEqual({ line: line + 1, column: 28 })
  expect(positions['/expect']).toEqual({ line: line + 2, column: 40 })
})

const base = scenario('x').subject(send)

test.each([
  [
    'a misspelt expectation',
    () => base.expect({ stattus: 'failed' } as never),
    /Unknown key `stattus` in .+builder\.test\.ts:\d+:\d+\. Did you mean `status`\?/,
  ],
  [
    'an impossible seed',
    () => base.seed(-1),
    /Expected `seed` in .+builder\.test\.ts:\d+:\d+ to be an integer from 0 to 4294967295, got -1\./,
  ],
  ['an unknown verb', () => base.on('http:POST /orders', 'resett'), /got `resett`.* Did you mean `reset`\?/],
  ['an unknown kind of point', () => base.on('htp:POST /orders', 'reset'), /Did you mean `http`\?/],
  ['a verb of another boundary', () => base.on('step:a', fault.reset()), /Expected a verb of step points/],
  [
    'a point that is a pipeline',
    () =>
      base.on(
        pipeline(
          'article',
          step('a', () => 1),
        ),
        'reject',
      ),
    /to be text such as `step:draft`, or a step, got a pipeline\./,
  ],
  [
    'an input that JSON cannot say',
    () => base.input({ id: undefined } as never),
    /Expected `input` in .+ to be plain JSON data, got an object\./,
  ],
  ['an input of a class', () => base.input(new Date() as never), /to be plain JSON data/],
  [
    'an output of undefined',
    () => base.expect({ output: undefined }),
    /Expected `expect\.output` in .+builder\.test\.ts:\d+:\d+ to be plain JSON data, got undefined\. Leave the key out/,
  ],
  [
    'a range without ends',
    () => base.expect({ virtualMs: {} }),
    /Expected `expect\.virtualMs` in .+ to be a range with min, max or both, got an object\./,
  ],
  [
    'a count of calls that holds for any',
    () => base.expect({ calls: { 'fn:save': {} } }),
    /Expected `expect\.calls\.fn:save` in .+ to be a range with min, max or both/,
  ],
  [
    'an empty name',
    () => scenario('').subject(send),
    /Expected `name` in .+ to be text of 1 to 200 characters on one line, got ""\./,
  ],
])('%s is refused where it was written', (_what, build, message) => {
  expect(build).toThrow(ScenarioFileError)
  expect(build).toThrow(message)
})
