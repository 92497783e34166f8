import { fault, type Ports, type Scenario, scenario } from 'shakedown/harness'
import { expect, test, type TestContext } from 'vitest'
import { exportedScenarios } from '../../../../harness/vitest/worker/exported-scenarios.ts'
import { Family } from '../../../../harness/vitest/worker/family.ts'
import { parseScenarios } from '../../../../harness/scenario/file/load.ts'
import { problemsIn } from '../../scenario/file/problems-in.ts'

async function ask(input: string, ports: Ports): Promise<void> {
  ports.mark(`asked ${input}`)
  await ports.fn('ask', async () => {})()
}

const asking = (input: string, sometimes: readonly string[]): Scenario =>
  scenario(`asks ${input}`).subject(ask).input(input).on('fn:ask', fault.delay(5)).expect({ sometimes })

/** A test as far as a family asks: how long it may take, and how it skips itself. */
const contextOf = (timeout: number): TestContext =>
  ({
    task: { timeout },
    skip: (reason?: string) => {
      throw new Error(`skipped: ${reason}`)
    },
  }) as unknown as TestContext

const context = contextOf(0)

function familyOf(...members: readonly Scenario[]): Family {
  const family = new Family()
  for (const member of members) family.add(member.spec, () => member, member.selection)
  return family
}

test('a mark that one of several scenarios reaches is reached, whether or not they have run by themselves', async () => {
  const [first, second] = [asking('one', ['asked two']), asking('two', ['asked two'])]
  await expect(familyOf(first, second).test(context)).resolves.toBeUndefined()
  const family = familyOf(first)
  family.note(first.spec, new Map([['asked two', 1]]))
  await expect(family.test(context)).resolves.toBeUndefined()
})

test('one that none of them reaches fails, with what they did reach', async () => {
  const family = familyOf(asking('one', ['asked tow', 'asked one']), asking('two', ['asked tow']))
  await expect(family.test(context)).rejects.toThrow(
    'No scenario of this list reached the mark `asked tow`. Reached: asked one (1×), asked two (1×). Did you mean `asked two`?',
  )
})

test('a skipped scenario is not run, and asks for no mark', async () => {
  const skipped = scenario('breaks the server')
    .subject((_: unknown, ports: Ports) => ports.mark('broken'))
    .input(null)
    .expect({ sometimes: ['broken'] })
  await expect(
    familyOf(asking('one', ['asked one']), skipped.skip('known')).test(context),
  ).resolves.toBeUndefined()
  await expect(familyOf(asking('one', ['broken']), skipped.skip()).test(context)).rejects.toThrow(
    'No scenario of this list reached the mark `broken`. Reached: asked one (1×).',
  )
})

test('where all of them are skipped, so is the test that asks them together; where one is the only one, it is too', async () => {
  const [one, two] = [asking('one', ['asked one']), asking('two', ['asked one'])].map((each) =>
    scenario(each.spec.name).subject(ask).input('').expect(each.spec.expect),
  )
  const optionsOf = (...list: readonly unknown[]) =>
    exportedScenarios({ list }, '/p/x.scenario.ts').at(-1)?.options
  expect(optionsOf(one, two)).toEqual({})
  expect(optionsOf(one?.skip(), two)).toEqual({})
  expect(optionsOf(one?.skip(), two?.skip())).toEqual({ skip: true })
  expect(optionsOf(one, two?.only())).toEqual({ only: true })
  const because = exportedScenarios({ list: [one?.skip('known'), two?.skip('known')] }, '/p/x.scenario.ts')
  expect(because.at(-1)?.options).toEqual({})
  await expect(because.at(-1)?.run(context)).rejects.toThrow('skipped: known')
})

test('a scenario that never ends is named before the test runs out of time', async () => {
  const stuck = scenario('waits for ever')
    .subject((_: unknown, ports: Ports) => ports.fn('ask', () => new Promise(() => {}), { io: true })())
    .input(null)
    .expect({ sometimes: ['asked one', 'answered'] })
  await expect(familyOf(stuck, asking('one', ['asked one'])).test(contextOf(50))).rejects.toThrow(
    /^No scenario of this list reached the mark `answered`\. Reached: asked one \(1×\)\.\n`waits for ever` did not end: .*\(E_STALL\)$/s,
  )
})

test('the scenarios of an exported list are asked together; one alone has nobody to be asked with', async () => {
  const list = [asking('one', ['asked one']), asking('two', ['asked one'])]
  const exported = exportedScenarios({ list }, '/p/x.scenario.ts')
  expect(exported.map(({ name }) => name)).toEqual(['asks one', 'asks two', 'list: sometimes asked one'])
  await expect(exported[2]?.run(context)).resolves.toBeUndefined()
  expect(() => exportedScenarios({ one: list[0] }, '/p/x.scenario.ts')).toThrow(
    'Expected "asks one" with `sometimes` to be in an exported list of scenarios, one of which reaches the mark; got it alone. Of a single scenario say `marks: { probe: { min: 1 } }`.',
  )
})

test('in a file, `sometimes` is of a table', () => {
  const text = 'name: a\nsubject: ./a.ts#a\nexpect: { sometimes: [probe] }\n'
  const parse = (written: string) => () => parseScenarios(written, '/p/a.scenario.yaml', { root: '/p' })
  expect(problemsIn(parse(text))).toEqual([
    'Expected `sometimes` in a.scenario.yaml:3:11 to be in a scenario with a table (`with`), one row of which reaches the mark. Of a single scenario say `marks: { probe: { min: 1 } }`.',
  ])
  expect(problemsIn(parse(`${text}input: '\${n}'\nwith: [{ n: 1 }, { n: 2 }]\n`))).toEqual([])
})
